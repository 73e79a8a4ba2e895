"""A small triangle drawer: depth-tested, twice the picture's size, against the depth of the plate."""

from __future__ import annotations

import numba as nb
import numpy as np


@nb.njit(cache=True, fastmath=True)
def clear(inv_depth, owner):
    for y in range(inv_depth.shape[0]):
        for x in range(inv_depth.shape[1]):
            inv_depth[y, x] = 0.0
            owner[y, x] = -1


@nb.njit(cache=True, fastmath=True)
def draw(points, normals, tris, inv_depth, owner, normal):
    """points (N,3): x, y in buffer pixels and 1/z (<= 0: behind); owner gets the triangle number."""
    height, width = inv_depth.shape
    for t in range(tris.shape[0]):
        a, b, c = tris[t, 0], tris[t, 1], tris[t, 2]
        wa, wb, wc = points[a, 2], points[b, 2], points[c, 2]
        if wa <= 0.0 or wb <= 0.0 or wc <= 0.0:
            continue
        ax, ay, bx, by, cx, cy = (
            points[a, 0],
            points[a, 1],
            points[b, 0],
            points[b, 1],
            points[c, 0],
            points[c, 1],
        )
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-9:
            continue
        x0, x1 = int(np.ceil(min(ax, bx, cx) - 0.5)), int(np.floor(max(ax, bx, cx) - 0.5))
        y0, y1 = int(np.ceil(min(ay, by, cy) - 0.5)), int(np.floor(max(ay, by, cy) - 0.5))
        x0, y0, x1, y1 = max(0, x0), max(0, y0), min(width - 1, x1), min(height - 1, y1)
        inv = 1.0 / area
        for y in range(y0, y1 + 1):
            py = y + 0.5
            for x in range(x0, x1 + 1):
                px = x + 0.5
                u = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * inv
                v = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * inv
                w = 1.0 - u - v
                if u < 0.0 or v < 0.0 or w < 0.0:
                    continue
                z = u * wa + v * wb + w * wc
                if z > inv_depth[y, x]:
                    inv_depth[y, x] = z
                    owner[y, x] = t
                    for k in range(3):
                        normal[y, x, k] = u * normals[a, k] + v * normals[b, k] + w * normals[c, k]


@nb.njit(cache=True, fastmath=True)
def stamp(xy, tris, grid):
    """Fill triangles (xy in grid cells) with 1: a shadow or a footprint on the ground."""
    height, width = grid.shape
    for t in range(tris.shape[0]):
        a, b, c = tris[t, 0], tris[t, 1], tris[t, 2]
        ax, ay, bx, by, cx, cy = xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1], xy[c, 0], xy[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < 1e-9:
            continue
        x0, x1 = (
            max(0, int(np.ceil(min(ax, bx, cx) - 0.5))),
            min(width - 1, int(np.floor(max(ax, bx, cx) - 0.5))),
        )
        y0, y1 = (
            max(0, int(np.ceil(min(ay, by, cy) - 0.5))),
            min(height - 1, int(np.floor(max(ay, by, cy) - 0.5))),
        )
        inv = 1.0 / area
        for y in range(y0, y1 + 1):
            for x in range(x0, x1 + 1):
                u = ((bx - x - 0.5) * (cy - y - 0.5) - (by - y - 0.5) * (cx - x - 0.5)) * inv
                v = ((cx - x - 0.5) * (ay - y - 0.5) - (cy - y - 0.5) * (ax - x - 0.5)) * inv
                if u >= -0.02 and v >= -0.02 and u + v <= 1.02:
                    grid[y, x] = 1.0


@nb.njit(cache=True, fastmath=True)
def resolve(
    inv_depth,
    owner,
    normal,
    plate_inv,
    tri_thing,
    tri_colour,
    tri_gloss,
    tri_emit,
    lit,
    toward,
    direct,
    rays,
    out,
    cover,
    top_thing,
):
    """Shade the drawn samples and average them 2x2 into the picture.

    lit (T,3): light on level ground where each thing stands; toward (T,3): direction of its main light;
    direct (T,): the share of it that comes from there. rays (H,W,3): view directions. out, cover: colour of
    picture size (premultiplied) and coverage; top_thing: buffer-size index of the visible thing or -1.
    """
    height, width = out.shape[0], out.shape[1]
    for y in range(height):
        for x in range(width):
            r = g = b = 0.0
            hits = 0
            for sy in range(2):
                for sx in range(2):
                    yy, xx = 2 * y + sy, 2 * x + sx
                    top_thing[yy, xx] = -1
                    t = owner[yy, xx]
                    if t < 0 or inv_depth[yy, xx] < plate_inv[yy, xx] * 0.994:
                        continue
                    thing = tri_thing[t]
                    top_thing[yy, xx] = thing
                    hits += 1
                    nx, ny, nz = normal[yy, xx, 0], normal[yy, xx, 1], normal[yy, xx, 2]
                    size = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-9
                    nx, ny, nz = nx / size, ny / size, nz / size
                    vx, vy, vz = rays[y, x, 0], rays[y, x, 1], rays[y, x, 2]
                    facing = nx * vx + ny * vy + nz * vz
                    if facing > 0.0:
                        nx, ny, nz, facing = -nx, -ny, -nz, -facing
                    lx, ly, lz = toward[thing, 0], toward[thing, 1], toward[thing, 2]
                    f = direct[thing]
                    n_l = max(0.0, nx * lx + ny * ly + nz * lz)
                    shade = (1.0 - f) * (0.66 + 0.34 * nz) + f * n_l / max(lz, 0.4)
                    gloss = tri_gloss[t]
                    fresnel = gloss * (0.05 + 0.95 * (1.0 + facing) ** 5)
                    rz = vz - 2.0 * facing * nz
                    rx, ry = vx - 2.0 * facing * nx, vy - 2.0 * facing * ny
                    mirror = (
                        (1.15 - f)
                        * fresnel
                        * (0.9 if rz > 0.15 else (0.35 + rz * 3.6 if rz > -0.05 else 0.17))
                    )
                    glint = rx * lx + ry * ly + rz * lz
                    spark = gloss * f * 2.2 * max(0.0, glint) ** 50 if glint > 0.0 else 0.0
                    k = shade * (1.0 - 0.5 * fresnel)
                    r += lit[thing, 0] * (tri_colour[t, 0] * k + mirror + spark) + tri_emit[t, 0]
                    g += lit[thing, 1] * (tri_colour[t, 1] * k + mirror + spark) + tri_emit[t, 1]
                    b += lit[thing, 2] * (tri_colour[t, 2] * k + mirror + spark) + tri_emit[t, 2]
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r * 0.25, g * 0.25, b * 0.25
            cover[y, x] = hits * 0.25


@nb.njit(cache=True, fastmath=True)
def smooth_light(light, normal, depth, step):
    """One pass of an edge-keeping blur over light divided by albedo: takes the grain of the render away."""
    height, width = depth.shape
    out = np.empty_like(light)
    for y in range(height):
        for x in range(width):
            total = 1.0
            r, g, b = light[y, x, 0], light[y, x, 1], light[y, x, 2]
            own = np.log(r + g + b + 1e-3)
            z = depth[y, x]
            for dy in range(-2, 3):
                yy = y + dy * step
                if yy < 0 or yy >= height:
                    continue
                for dx in range(-2, 3):
                    xx = x + dx * step
                    if xx < 0 or xx >= width or (dx == 0 and dy == 0):
                        continue
                    d = abs(depth[yy, xx] - z) / (z * 0.01 * step + 0.02)
                    if d > 3.0:
                        continue
                    n = (
                        normal[y, x, 0] * normal[yy, xx, 0]
                        + normal[y, x, 1] * normal[yy, xx, 1]
                        + normal[y, x, 2] * normal[yy, xx, 2]
                    )
                    if n < 0.85:
                        continue
                    e = abs(np.log(light[yy, xx, 0] + light[yy, xx, 1] + light[yy, xx, 2] + 1e-3) - own)
                    w = np.exp(-d - e * 2.2 - 0.12 * (dx * dx + dy * dy))
                    total += w
                    r += w * light[yy, xx, 0]
                    g += w * light[yy, xx, 1]
                    b += w * light[yy, xx, 2]
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r / total, g / total, b / total
    return out
