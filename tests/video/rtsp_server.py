"""A real RTSP camera for the tests: GStreamer's server, run by the system's python3 (which has gi).

    /usr/bin/python3 rtsp_server.py CLIP.h264 USER [PORT] < password

serves an H.264 byte stream round and round at rtsp://127.0.0.1:PORT/camera, to USER with the password that
comes on standard input (an empty one: to everybody), and prints the port it listens on.
"""

from __future__ import annotations

import signal
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

# The byte stream is one file without time stamps; it is cut into pictures and stamped at its rate, for ever.
PIPELINE = (
    '( multifilesrc location="{clip}" loop=true caps="video/x-h264,stream-format=byte-stream,framerate=25/1"'
    " ! h264parse ! video/x-h264,alignment=au ! rtph264pay name=pay0 pt=96 config-interval=-1 )"
)


def main(clip: str, user: str, port: str, password: str) -> None:
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(PIPELINE.format(clip=clip))
    factory.set_shared(True)
    if password:
        _ask_for_password(server, factory, user, password)
    server.get_mount_points().add_factory("/camera", factory)
    loop = GLib.MainLoop()
    if not server.attach(None):
        sys.exit("the port is taken")
    GLib.unix_signal_add(GLib.PRIORITY_HIGH, signal.SIGTERM, loop.quit)
    print(server.get_bound_port(), flush=True)
    loop.run()


def _ask_for_password(
    server: GstRtspServer.RTSPServer, factory: GstRtspServer.RTSPMediaFactory, user: str, password: str
) -> None:
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "operator")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role("operator", "media.factory.access", True)
    permissions.add_permission_for_role("operator", "media.factory.construct", True)
    factory.set_permissions(permissions)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] if len(sys.argv) > 3 else "0", sys.stdin.readline().strip())
