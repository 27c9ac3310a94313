"""deliver/render"""
