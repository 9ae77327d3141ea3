"""Passes over the IR that fused backends share: segments, reverse mode, what to keep."""
