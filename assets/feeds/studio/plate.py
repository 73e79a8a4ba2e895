"""Renders the static plate of one scene with Cycles: light layers, albedo, normals and depth as float files.

Run inside Blender:
    blender --background --factory-startup --python-use-system-env --python plate.py -- PLACE FOLDER [SAMPLES]
"""

from __future__ import annotations

import importlib
import json
import math
import sys
import time
from pathlib import Path

import bpy
from mathutils import Vector

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from studio.sets.stage import Stage  # noqa: E402  (the path above makes it importable)

WIDTH, HEIGHT = 1280, 720


def sky(world_spec: dict) -> None:
    """The world light: an even gradient from horizon to zenith, in its own light group."""
    world = bpy.data.worlds.new("sky")
    bpy.context.scene.world = world
    world.use_nodes = True
    tree = world.node_tree
    coord = tree.nodes.new("ShaderNodeTexCoord")
    split = tree.nodes.new("ShaderNodeSeparateXYZ")
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    tree.links.new(coord.outputs["Generated"], split.inputs[0])
    tree.links.new(split.outputs["Z"], ramp.inputs["Fac"])
    ramp.color_ramp.elements[0].color = (*world_spec["horizon"], 1)
    ramp.color_ramp.elements[1].color = (*world_spec["zenith"], 1)
    ramp.color_ramp.elements[1].position = 0.6
    background = tree.nodes["Background"]
    tree.links.new(ramp.outputs["Color"], background.inputs["Color"])
    background.inputs["Strength"].default_value = world_spec.get("strength", 1.0)
    world.lightgroup = "ambient"


def camera(spec: dict) -> None:
    lens = bpy.data.cameras.new("camera")
    lens.sensor_fit = "HORIZONTAL"
    lens.angle = math.radians(spec["hfov_deg"])
    lens.clip_end = 600
    thing = bpy.data.objects.new("camera", lens)
    thing.location = spec["position"]
    thing.rotation_euler = (
        (Vector(spec["target"]) - Vector(spec["position"])).to_track_quat("-Z", "Y").to_euler()
    )
    bpy.context.scene.collection.objects.link(thing)
    bpy.context.scene.camera = thing


def render(out: Path, groups: list[str], samples: int) -> None:
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.samples = samples
    scene.cycles.use_denoising = False
    scene.cycles.max_bounces, scene.cycles.diffuse_bounces, scene.cycles.glossy_bounces = 4, 2, 2
    scene.cycles.sample_clamp_indirect, scene.cycles.sample_clamp_direct = 3.0, 0.0
    scene.cycles.caustics_reflective = scene.cycles.caustics_refractive = False
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = (
        WIDTH,
        HEIGHT,
        100,
    )
    scene.render.threads_mode, scene.render.threads = "FIXED", 2
    scene.view_settings.view_transform = "Raw"
    layer = scene.view_layers[0]
    layer.use_pass_z = layer.use_pass_normal = layer.use_pass_diffuse_color = True
    for group in groups:
        layer.lightgroups.add(name=group)
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
    source = tree.nodes.new("CompositorNodeRLayers")
    sink = tree.nodes.new("CompositorNodeOutputFile")
    sink.base_path = str(out)
    sink.format.file_format, sink.format.color_depth, sink.format.exr_codec = "OPEN_EXR", "32", "ZIP"
    sink.file_slots.clear()
    wanted = {"Depth": "depth", "Normal": "normal", "DiffCol": "albedo"} | {
        f"Combined_{g}": f"light_{g}" for g in groups
    }
    for socket in source.outputs:
        if socket.name in wanted and socket.enabled:
            sink.file_slots.new(wanted[socket.name] + "_")
            tree.links.new(socket, sink.inputs[wanted[socket.name] + "_"])
    scene.frame_set(1)
    bpy.ops.render.render()


def main() -> None:
    name, out = sys.argv[sys.argv.index("--") + 1 :][:2]
    rest = sys.argv[sys.argv.index("--") + 3 :]
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = importlib.import_module(f"studio.places.{name}")
    started = time.monotonic()
    stage = Stage(scene.SEED)
    scene.build(stage)
    sky(scene.SKY)
    stage.strike()
    camera(scene.CAMERA)
    groups = ["ambient", *sorted({lamp["group"] for lamp in stage.lamps} - {"ambient"})]
    folder = Path(out) / name
    folder.mkdir(parents=True, exist_ok=True)
    built = time.monotonic()
    render(folder, groups, int(rest[0]) if rest else 40)
    (folder / "plate.json").write_text(
        json.dumps({"camera": scene.CAMERA, "groups": groups, "lamps": stage.lamps}, indent=1)
    )
    print(
        f"plate {name}: built {built - started:.1f} s, rendered {time.monotonic() - built:.1f} s", flush=True
    )


main()
