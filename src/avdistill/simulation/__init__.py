"""Simulation of the acoustic camera and its world: sounds, propagation, beamforming, video."""
