#!/usr/bin/env python3
"""Compares the scores of churn-predict with xgboost on the same bundle.

    python3 compare_xgboost.py SCORES_CSV INPUT_CSV [BUNDLE_DIRECTORY]

SCORES_CSV is the output of a job with the parameter `"precision": "full"`. Exits 1 when a margin differs by more
than 1e-6, a probability by more than 1e-6, a contribution by more than 1e-4, or contributions do not sum to the margin
within 1e-5.
"""

import csv
import json
import pathlib
import sys

import numpy as np
import xgboost as xgb

from train_telco import COLUMNS, MODEL_ID, VERSION, calibrated, encode, features, margins_of, matrix_of


def table(path):
    with open(path, newline="", encoding="utf-8-sig") as handle:
        return list(csv.DictReader(handle))


def main():
    here = pathlib.Path(__file__).resolve().parent
    folder = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else here / f"{MODEL_ID}-{VERSION}"
    scores, rows = table(sys.argv[1]), table(sys.argv[2])
    if len(scores) != len(rows):
        sys.exit(f"{len(scores)} scores for {len(rows)} rows")
    booster = xgb.Booster(model_file=folder / "model.json")
    calibration = json.loads((folder / "bundle.json").read_text())["calibration"]
    values = encode(rows)
    margins = margins_of(booster, values)
    parts = booster.predict(matrix_of(values), pred_contribs=True).astype(np.float64)

    names = [spec[0] for spec in COLUMNS]
    expected = np.zeros((len(rows), len(names)))
    for index, feature in enumerate(features()):
        expected[:, names.index(feature["column"])] += parts[:, index]
    found = np.array([[float(row[f"contribution.{name}"]) for name in names] for row in scores])
    base = np.array([float(row["base_margin"]) for row in scores])
    own = np.array([float(row["churn_margin"]) for row in scores])
    probability = np.array([float(row["churn_probability"]) for row in scores])

    differences = {
        "margin": (np.abs(own - margins.astype(np.float64)).max(), 1e-6),
        "probability": (np.abs(probability - calibrated(calibration, margins)).max(), 1e-6),
        "contribution": (np.abs(found - expected).max(), 1e-4),
        "base": (np.abs(base - parts[:, -1]).max(), 1e-4),
        "additivity": (np.abs(base + found.sum(axis=1) - own).max(), 1e-5),
    }
    failed = False
    identical = int((own.astype(np.float32) == margins).sum())
    print(f"{len(rows)} rows, {identical} margins equal to the last bit")
    for name, (difference, limit) in differences.items():
        print(f"{name:13} largest difference {difference:.3g} (limit {limit:g})")
        failed |= not difference <= limit
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
