"""The person detectors: networks, labels and teachers, assignment, distillation, judging."""
