"""What questions teach: calibration of confidence."""
