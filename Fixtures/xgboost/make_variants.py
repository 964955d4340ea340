#!/usr/bin/env python3
"""Writes a small model of the installed xgboost release for the tests of the model reader.

    python3 make_variants.py        # writes xgboost-VERSION.json

The file holds the model as that release saves it, eight made-up rows (null = missing), and the release's own margins
and contributions for them. Run once per release; the trees are five splits deep, so the general evaluator is tested.
"""

import json
import pathlib

import numpy as np
import xgboost as xgb


def main():
    generator = np.random.default_rng(7)
    values = generator.normal(size=(400, 4)).astype(np.float32)
    values[generator.random(values.shape) < 0.15] = np.nan
    odds = np.nan_to_num(values[:, 0]) - np.nan_to_num(values[:, 1]) * np.nan_to_num(values[:, 2]) - 0.7
    labels = (generator.random(400) < 1 / (1 + np.exp(-2 * odds))).astype(np.float32)
    names = ["a", "b", "c", "d"]
    booster = xgb.train(
        {"objective": "binary:logistic", "max_depth": 5, "eta": 0.3, "nthread": 1, "seed": 7, "base_score": 0.3,
         "tree_method": "hist"},
        xgb.DMatrix(values, label=labels, feature_names=names), num_boost_round=6)
    rows = xgb.DMatrix(values[:8], feature_names=names)
    document = {
        "model": json.loads(bytes(booster.save_raw("json"))),
        "rows": [[None if np.isnan(x) else float(x) for x in row] for row in values[:8]],
        "margins": [float(x) for x in booster.predict(rows, output_margin=True)],
        "contributions": [[float(x) for x in row] for row in booster.predict(rows, pred_contribs=True)],
    }
    folder = pathlib.Path(__file__).resolve().parent
    (folder / f"xgboost-{xgb.__version__}.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
