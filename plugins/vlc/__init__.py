"""Video and audio by VLC: two kinds that play addresses, files of the app and blobs, and a table of what plays."""
