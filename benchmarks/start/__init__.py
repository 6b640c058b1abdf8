"""Exec to painted window: the order desk beside a bare PySide6 label, sqlitebrowser and kate."""
