"""Wi-Fi by NetworkManager: its devices, networks in reach and known connections as tables that are edited."""
