"""The agency's window, the only place of the agency that needs Qt.

Everything slow (network, store, XML, decoding) is in threads of the office and the player. The window looks
at `Office.view` ten times a second and asks the office for acts; it holds no truth about cases.
"""
