"""Bluetooth Low Energy by bleak: adapters, devices around, their services and values as tables that are edited."""
