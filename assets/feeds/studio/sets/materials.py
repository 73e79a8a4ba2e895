"""Surfaces of the static set: procedural Cycles materials, made once per name and kept by key."""

from __future__ import annotations

import bpy

_made: dict[tuple, bpy.types.Material] = {}


def _principled(name: str, rough: float, spec: float = 0.3, metal: float = 0.0):
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    node = material.node_tree.nodes["Principled BSDF"]
    node.inputs["Roughness"].default_value = rough
    node.inputs["Specular"].default_value = spec
    node.inputs["Metallic"].default_value = metal
    return material, material.node_tree, node


def plain(colour, rough: float = 0.7, spec: float = 0.3, metal: float = 0.0):
    """One even colour (linear RGB)."""
    key = ("plain", tuple(colour), rough, spec, metal)
    if key not in _made:
        material, _, node = _principled("plain", rough, spec, metal)
        node.inputs["Base Color"].default_value = (*colour, 1.0)
        _made[key] = material
    return _made[key]


def glowing(colour, strength: float):
    """A surface that gives light of its own."""
    key = ("glow", tuple(colour), strength)
    if key not in _made:
        material, _, node = _principled("glow", 0.6)
        node.inputs["Base Color"].default_value = (*[c * 0.5 for c in colour], 1.0)
        node.inputs["Emission"].default_value = (*colour, 1.0)
        node.inputs["Emission Strength"].default_value = strength
        _made[key] = material
    return _made[key]


def _mapping(tree, scale=(1.0, 1.0, 1.0), rotation=(0.0, 0.0, 0.0)):
    coord = tree.nodes.new("ShaderNodeTexCoord")
    mapping = tree.nodes.new("ShaderNodeMapping")
    mapping.inputs["Scale"].default_value = scale
    mapping.inputs["Rotation"].default_value = rotation
    tree.links.new(coord.outputs["Object"], mapping.inputs["Vector"])
    return mapping.outputs["Vector"]


def _noise(tree, vector, scale: float, detail: float = 6.0, rough: float = 0.6):
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = detail
    noise.inputs["Roughness"].default_value = rough
    tree.links.new(vector, noise.inputs["Vector"])
    return noise.outputs["Fac"]


def _ramp(tree, factor, low, high, at=(0.35, 0.65)):
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[1].position = at
    ramp.color_ramp.elements[0].color = (*low, 1.0)
    ramp.color_ramp.elements[1].color = (*high, 1.0)
    tree.links.new(factor, ramp.inputs["Fac"])
    return ramp.outputs["Color"]


def _mix(tree, first, second, factor, blend="MIX"):
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.blend_type = blend
    for socket, value in (
        (mix.inputs["Color1"], first),
        (mix.inputs["Color2"], second),
        (mix.inputs["Fac"], factor),
    ):
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, socket)
        else:
            socket.default_value = value
    return mix.outputs["Color"]


def worn(
    colour, rough: float = 0.85, wear: float = 0.35, scale: float = 0.6, grain: float = 14.0, wet: float = 0.0
):
    """A colour with large stains and fine grain: asphalt, concrete, plaster, soil. wet 0..1 adds puddles."""
    key = ("worn", tuple(colour), rough, wear, scale, grain, wet)
    if key not in _made:
        material, tree, node = _principled("worn", rough)
        vector = _mapping(tree)
        dark = tuple(c * (1 - wear) for c in colour)
        light = tuple(min(1.0, c * (1 + wear * 0.7)) for c in colour)
        stains = _ramp(tree, _noise(tree, vector, scale), dark, light)
        fine = _ramp(tree, _noise(tree, vector, grain, 3.0), (0.72,) * 3, (1.18,) * 3)
        tree.links.new(_mix(tree, stains, fine, 1.0, "MULTIPLY"), node.inputs["Base Color"])
        if wet:
            pools = _ramp(
                tree,
                _noise(tree, vector, 0.35, 3.0),
                (0.08,) * 3,
                (0.45 + 0.3 * (1 - wet),) * 3,
                (0.42, 0.58),
            )
            tree.links.new(pools, node.inputs["Roughness"])
            node.inputs["Specular"].default_value = 0.6
        _made[key] = material
    return _made[key]


def laid(
    colour,
    joint,
    width: float,
    height: float,
    gap: float = 0.012,
    rotation=(0.0, 0.0, 0.0),
    vary: float = 0.3,
    wet: float = 0.0,
):
    """Bricks, paving blocks, tiles: width and height in metres, in the plane that rotation turns to XY."""
    key = ("laid", tuple(colour), tuple(joint), width, height, gap, tuple(rotation), vary, wet)
    if key not in _made:
        material, tree, node = _principled("laid", 0.8)
        vector = _mapping(tree, rotation=rotation)
        brick = tree.nodes.new("ShaderNodeTexBrick")
        brick.inputs["Color1"].default_value = (*[c * (1 - vary) for c in colour], 1)
        brick.inputs["Color2"].default_value = (*[min(1, c * (1 + vary)) for c in colour], 1)
        brick.inputs["Mortar"].default_value = (*joint, 1)
        brick.inputs["Scale"].default_value = 1.0
        brick.inputs["Mortar Size"].default_value = gap
        brick.inputs["Brick Width"].default_value = width
        brick.inputs["Row Height"].default_value = height
        tree.links.new(vector, brick.inputs["Vector"])
        stains = _ramp(tree, _noise(tree, _mapping(tree), 0.5), (0.7,) * 3, (1.12,) * 3)
        tree.links.new(_mix(tree, brick.outputs["Color"], stains, 1.0, "MULTIPLY"), node.inputs["Base Color"])
        if wet:
            pools = _ramp(tree, _noise(tree, vector, 0.4, 3.0), (0.1,) * 3, (0.5,) * 3, (0.42, 0.58))
            tree.links.new(pools, node.inputs["Roughness"])
        _made[key] = material
    return _made[key]


WALL_X = (0.0, 1.5708, 0.0)  # a wall whose face looks along X
WALL_Y = (1.5708, 0.0, 0.0)  # a wall whose face looks along Y


def glass(tint=(0.03, 0.05, 0.07)):
    return plain(tint, 0.08, 0.9)


def asphalt(wet: float = 0.0):
    return worn((0.075, 0.075, 0.08) if not wet else (0.045, 0.046, 0.05), 0.9, 0.28, 0.35, 30.0, wet)


def paving(kind: str = "grey", wet: float = 0.0):
    colour = {
        "grey": (0.30, 0.29, 0.28),
        "red": (0.30, 0.14, 0.10),
        "sand": (0.42, 0.36, 0.27),
        "slab": (0.36, 0.36, 0.35),
    }[kind]
    size = (0.6, 0.6) if kind == "slab" else (0.4, 0.2)
    return laid(colour, tuple(c * 0.45 for c in colour), *size, gap=0.014, vary=0.14, wet=wet)


def grass():
    return worn((0.075, 0.13, 0.035), 0.95, 0.45, 0.8, 9.0)


def paint(colour=(0.62, 0.62, 0.6)):
    return worn(colour, 0.7, 0.25, 2.0, 20.0)
