"""sources/ctgov"""
