"""sources/ctv"""
