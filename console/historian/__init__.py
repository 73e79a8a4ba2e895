"""The process that keeps history: follows the hub's measurements, and takes in files of earlier ones."""
