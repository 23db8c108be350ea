"""The acoustic camera and its world, simulated: sounds, propagation, beamforming, video."""
