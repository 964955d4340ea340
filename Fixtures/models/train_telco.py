#!/usr/bin/env python3
"""Trains the churn model `telco-v1` and writes its bundle.

    python3 train_telco.py telco-customer-churn.csv [BUNDLE_DIRECTORY]

Needs xgboost 3.2 and numpy; SOURCE.md says where the training file comes from. One thread, fixed
seeds: the same file gives the same bundle, byte for byte, on the same xgboost build.
"""

import argparse
import csv
import hashlib
import json
import pathlib
import random

import numpy as np
import xgboost as xgb

MODEL_ID, VERSION, SEED = "telco-v1", "1.0.0", 20260101
TREES = 300
PARAMETERS = {
    "objective": "binary:logistic", "booster": "gbtree", "tree_method": "hist", "max_depth": 3,
    "eta": 0.03, "subsample": 0.8, "colsample_bytree": 0.5, "min_child_weight": 5,
    "nthread": 1, "seed": SEED,
}
TIERS = {"medium": 0.3, "high": 0.5, "critical": 0.7}
YES_NO = ["No", "Yes"]
INTERNET = ["No", "No internet service", "Yes"]

# The 19 columns the model reads, in the order of the file: name, words for people, unit, values.
# `None` = a number; a dictionary = a flag spelled in several ways; a list = categories, one-hot.
COLUMNS = [
    ("gender", "Gender", "", ["Female", "Male"]),
    ("SeniorCitizen", "Senior citizen", "", {"0": 0, "1": 1, "No": 0, "Yes": 1, "false": 0, "true": 1}),
    ("Partner", "Partner", "", YES_NO),
    ("Dependents", "Dependents", "", YES_NO),
    ("tenure", "Tenure", "months", None),
    ("PhoneService", "Phone service", "", YES_NO),
    ("MultipleLines", "Multiple lines", "", ["No", "No phone service", "Yes"]),
    ("InternetService", "Internet service", "", ["DSL", "Fiber optic", "No"]),
    ("OnlineSecurity", "Online security", "", INTERNET),
    ("OnlineBackup", "Online backup", "", INTERNET),
    ("DeviceProtection", "Device protection", "", INTERNET),
    ("TechSupport", "Tech support", "", INTERNET),
    ("StreamingTV", "Streaming TV", "", INTERNET),
    ("StreamingMovies", "Streaming movies", "", INTERNET),
    ("Contract", "Contract", "", ["Month-to-month", "One year", "Two year"]),
    ("PaperlessBilling", "Paperless billing", "", YES_NO),
    ("PaymentMethod", "Payment method", "", [
        "Bank transfer (automatic)", "Credit card (automatic)", "Electronic check", "Mailed check"]),
    ("MonthlyCharges", "Monthly charges", "per month", None),
    ("TotalCharges", "Total charges", "", None),
]

# First rule that fits wins. `tiers`: the row's risk tier; `when`: column = value; `offer`: it costs money.
ACTIONS = [
    {"tiers": ["low"], "when": {}, "action": "No action: keep in regular contact"},
    {"tiers": ["medium"], "when": {"Contract": "Month-to-month", "PaymentMethod": "Electronic check"},
     "action": "Invite to automatic payment with a small credit", "offer": True},
    {"tiers": ["medium"], "when": {"Contract": "Month-to-month"},
     "action": "Offer a one-year contract at the next contact", "offer": True},
    {"tiers": ["medium"], "when": {}, "action": "Check satisfaction at the next contact"},
    {"tiers": ["critical", "high"],
     "when": {"Contract": "Month-to-month", "InternetService": "Fiber optic", "TechSupport": "No"},
     "action": "Call: one-year contract with tech support included", "offer": True},
    {"tiers": ["critical", "high"],
     "when": {"Contract": "Month-to-month", "InternetService": "Fiber optic"},
     "action": "Call: review the fiber price and offer a one-year contract", "offer": True},
    {"tiers": ["critical", "high"], "when": {"Contract": "Month-to-month", "InternetService": "DSL"},
     "action": "Call: one-year contract with online security included", "offer": True},
    {"tiers": ["critical", "high"], "when": {"Contract": "Month-to-month"},
     "action": "Call: offer a one-year contract", "offer": True},
    {"tiers": ["critical", "high"], "when": {}, "action": "Call: renewal offer before the contract ends", "offer": True},
]


def features():
    """The 45 model features in order, each with the column it comes from."""
    result = []
    for name, _, _, values in COLUMNS:
        if isinstance(values, list):
            result += [{"name": f"{name}={value}", "column": name, "equals": value} for value in values]
        else:
            result.append({"name": name, "column": name})
    return result


def encode_cell(spec, text):
    """The features of one cell. A value nobody trained on is "none of the known ones", never a guess."""
    values, text = spec[3], text.strip()
    if isinstance(values, list):
        return [1.0 if text == value else 0.0 for value in values]
    if isinstance(values, dict):
        return [float(values[text])] if text in values else [np.nan]
    return [float(text) if text else np.nan]


def encode(rows):
    # Text -> double (correctly rounded) -> float32, the same two steps the scorer takes.
    matrix = [[x for spec in COLUMNS for x in encode_cell(spec, row.get(spec[0], ""))] for row in rows]
    return np.array(matrix, dtype=np.float64).astype(np.float32)


def matrix_of(values, labels=None):
    return xgb.DMatrix(values, label=labels, missing=np.nan, feature_names=[f["name"] for f in features()])


def margins_of(booster, values):
    return booster.predict(matrix_of(values), output_margin=True)


def fit(values, labels):
    return xgb.train(PARAMETERS, matrix_of(values, labels), num_boost_round=TREES)


def sigmoid(x):
    return 1.0 / (1.0 + np.exp(-np.asarray(x, dtype=np.float64)))


def auc(labels, scores):
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.bincount(inverse, ranks) / counts)[inverse]
    positives = labels.sum()
    return (ranks[labels == 1].sum() - positives * (positives + 1) / 2) / (positives * (len(labels) - positives))


def ece(labels, probabilities, bins=10):
    """Expected calibration error over ten bins of equal width."""
    index = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = np.bincount(index, labels - probabilities, minlength=bins)
    return np.abs(gaps).sum() / len(labels)


def lift(labels, scores, share=0.1):
    top = np.argsort(-scores, kind="stable")[: int(round(len(scores) * share))]
    return labels[top].mean() / labels.mean()


def scores_of(labels, probabilities):
    return {
        "auc": auc(labels, probabilities),
        "accuracy": ((probabilities >= 0.5) == (labels == 1)).mean(),
        "brier": ((probabilities - labels) ** 2).mean(),
        "ece": ece(labels, probabilities),
        "lift10": lift(labels, probabilities),
    }


def folds_of(labels, count, seed):
    """Stratified folds: each class is shuffled and dealt out."""
    generator, fold = np.random.default_rng(seed), np.empty(len(labels), dtype=int)
    for value in (0, 1):
        members = np.flatnonzero(labels == value)
        generator.shuffle(members)
        fold[members] = np.arange(len(members)) % count
    return fold


def platt(margins, labels):
    """Newton's method for p = sigmoid(slope * margin + intercept); slope > 0 keeps the order."""
    slope, intercept = 1.0, 0.0
    for _ in range(50):
        p = sigmoid(slope * margins + intercept)
        gradient = np.array([((p - labels) * margins).sum(), (p - labels).sum()])
        w = p * (1 - p)
        hessian = np.array([[(w * margins * margins).sum(), (w * margins).sum()], [(w * margins).sum(), w.sum()]])
        step = np.linalg.solve(hessian, gradient)
        slope, intercept = slope - step[0], intercept - step[1]
        if np.abs(step).max() < 1e-12:
            break
    if slope <= 0:
        raise SystemExit("calibration is not increasing")
    return {"kind": "platt", "slope": round(float(slope), 9), "intercept": round(float(intercept), 9)}


def calibrated(calibration, margins):
    return sigmoid(calibration["slope"] * np.asarray(margins, dtype=np.float64) + calibration["intercept"])


def without(values, column):
    """The same rows as they are encoded when a column is not in the file."""
    changed = values.copy()
    for index, feature in enumerate(features()):
        if feature["column"] == column:
            changed[:, index] = 0.0 if "equals" in feature else np.nan
    return changed


def cross_validate(values, labels):
    """Five folds, three times. Returns out-of-fold margins per repeat and the cost of each absent column."""
    repeats, absent = [], {spec[0]: np.empty(len(labels)) for spec in COLUMNS}
    for repeat in range(3):
        fold, margins = folds_of(labels, 5, SEED + repeat), np.empty(len(labels))
        for held in range(5):
            test = fold == held
            booster = fit(values[~test], labels[~test])
            margins[test] = margins_of(booster, values[test])
            if repeat == 0:
                for name in absent:
                    absent[name][test] = margins_of(booster, without(values[test], name))
        repeats.append((fold, margins))
    full = sigmoid(repeats[0][1])
    effect = {
        name: {
            "aucLoss": round(auc(labels, full) - auc(labels, margins), 4),
            "meanAbsoluteChange": round(np.abs(sigmoid(margins) - full).mean(), 4),
        }
        for name, margins in absent.items()
    }
    return repeats, effect


def nested_calibration(fold, margins, labels):
    """Each fold is calibrated with knots fitted on the other folds only."""
    result = np.empty(len(labels))
    for held in range(5):
        test = fold == held
        result[test] = calibrated(platt(margins[~test], labels[~test]), margins[test])
    return result


def intervals(labels, probabilities, rounds=1000):
    """Point values with 95 % bootstrap intervals over customers."""
    generator = np.random.default_rng(SEED)
    point, samples = scores_of(labels, probabilities), []
    for _ in range(rounds):
        pick = generator.integers(0, len(labels), len(labels))
        samples.append(scores_of(labels[pick], probabilities[pick]))
    return {
        key: {
            "value": round(float(value), 4),
            "low": round(float(np.quantile([s[key] for s in samples], 0.025)), 4),
            "high": round(float(np.quantile([s[key] for s in samples], 0.975)), 4),
        }
        for key, value in point.items()
    }


def column_document(spec, rows, effect):
    """What the scorer must know of one column: values, range, histogram, whether it may be absent."""
    name, label, unit, values = spec
    cells = [row[name].strip() for row in rows]
    # A column may be absent when its loss was measured to be negligible on held-out rows.
    required = effect["aucLoss"] > 0.001 or effect["meanAbsoluteChange"] > 0.01
    document = {"name": name, "label": label, "unit": unit, "required": required, "absence": effect}
    if isinstance(values, list):
        document |= {"kind": "category", "values": values, "histogram": [cells.count(v) for v in values]}
    elif isinstance(values, dict):
        codes = [values[c] for c in cells if c in values]
        document |= {"kind": "flag", "spellings": values, "histogram": [codes.count(0), codes.count(1)]}
    else:
        numbers = np.array([float(c) for c in cells if c])
        edges = sorted({float(e) for e in np.quantile(numbers, np.arange(1, 10) / 10, method="lower")})
        bins = np.searchsorted(edges, numbers, side="right")
        document |= {
            "kind": "number", "minimum": numbers.min(), "maximum": numbers.max(), "edges": edges,
            "histogram": np.bincount(bins, minlength=len(edges) + 1).tolist(),
        }
    return document | {"missing": sum(1 for c in cells if not c)}


def golden_rows(booster):
    """Fifty made-up customers: ordinary ones, blanks, unknown categories and split boundaries."""
    source, rows = random.Random(SEED), []

    def customer(**changes):
        row = {}
        for name, _, _, values in COLUMNS:
            if isinstance(values, list):
                row[name] = source.choice(values)
            elif isinstance(values, dict):
                row[name] = source.choice(["0", "1"])
        row["tenure"] = str(source.randint(0, 72))
        row["MonthlyCharges"] = f"{source.randint(1825, 11875) / 100:.2f}"
        row["TotalCharges"] = f"{float(row['MonthlyCharges']) * int(row['tenure']):.2f}"
        rows.append({"customerID": f"GOLDEN-{len(rows) + 1:02d}"} | row | changes)

    for _ in range(24):
        customer()
    customer(TotalCharges=" ", tenure="0")
    customer(TotalCharges="")
    customer(MonthlyCharges="")
    customer(tenure=" ", TotalCharges=" ")
    customer(SeniorCitizen="")
    customer(Contract="")
    customer(**{spec[0]: "" for spec in COLUMNS})
    customer(Contract="Three year")
    customer(PaymentMethod="Voucher", InternetService="Satellite")
    customer(gender="Other", SeniorCitizen="2")
    trees = json.loads(booster.save_raw("json"))["learner"]["gradient_booster"]["model"]["trees"]
    names = [f["name"] for f in features()]
    for column, picks in (("tenure", 2), ("MonthlyCharges", 2), ("TotalCharges", 2)):
        index = names.index(column)
        limits = sorted({
            np.float32(t["split_conditions"][n]) for t in trees for n in range(len(t["left_children"]))
            if t["left_children"][n] != -1 and t["split_indices"][n] == index})
        for limit in source.sample(limits, picks):
            customer(**{column: repr(float(limit))})
            customer(**{column: repr(float(np.nextafter(limit, np.float32(-np.inf))))})
    customer(TotalCharges="1e-40")
    customer(TotalCharges="1e30", MonthlyCharges="-0.0")
    customer(MonthlyCharges="29.849999999999999999999999")
    customer(tenure="11.97")
    return rows


def golden_table(booster, calibration):
    rows = golden_rows(booster)
    values = encode([
        {k: ("" if k == "SeniorCitizen" and v == "2" else v) for k, v in row.items()} for row in rows])
    margins = margins_of(booster, values)
    contributions = booster.predict(matrix_of(values), pred_contribs=True).astype(np.float64)
    names = [spec[0] for spec in COLUMNS]
    header = ["customerID"] + names + ["expected_margin", "expected_probability", "expected_base"]
    table = [header + [f"expected.{name}" for name in names]]
    for row, margin, parts in zip(rows, margins, contributions):
        sums = {name: 0.0 for name in names}
        for feature, part in zip(features(), parts):
            sums[feature["column"]] += part
        table.append(
            [row["customerID"]] + [row[name] for name in names]
            + [f"{margin:.9g}", f"{calibrated(calibration, margin):.12g}", f"{parts[-1]:.9g}"]
            + [f"{sums[name]:.9g}" for name in names])
    return table


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def model_card(bundle):
    metrics, rows = bundle["metrics"], []
    for key, words in (("auc", "Area under the ROC curve"), ("accuracy", "Accuracy at 0.5"),
                       ("brier", "Brier score"), ("ece", "Expected calibration error, 10 bins"),
                       ("lift10", "Lift in the riskiest 10 %")):
        m = metrics["crossValidated"][key]
        rows.append(f"| {words} | {m['value']} | {m['low']} to {m['high']} |")
    required = ", ".join(c["name"] for c in bundle["columns"] if c["required"])
    optional = ", ".join(c["name"] for c in bundle["columns"] if not c["required"])
    return f"""# Model card: {MODEL_ID}@{VERSION}

**What it does.** Estimates the probability that a telecom customer leaves, from 19 columns of a customer table
(one row per customer, the IBM Telco column names).

**Model.** XGBoost {bundle['xgboost']}, {TREES} trees of depth 3, learning rate 0.03, row sample 0.8, column sample 0.5,
minimum child weight 5, {len(bundle['features'])} features (one-hot categories). A blank number is kept as missing. The
probability is the margin through a logistic calibration fitted on out-of-fold predictions; it never
depends on the other rows of a file.

**Training data.** The public IBM Telco customer churn sample: {bundle['training']['rows']} customers of a fictional
company in California, {bundle['training']['positives']} of whom left. SHA-256 `{bundle['training']['dataSha256']}`.

**Quality** on held-out rows (five folds, calibrated on the other folds, 95 % bootstrap intervals):

| Measure | Value | Interval |
|---|---|---|
{chr(10).join(rows)}

Three repeats of the five folds give an AUC of {metrics['repeatedAuc']}. Published figures far above this (0.95 and
more) come from resampling the test folds together with the training folds; they do not hold on new rows.

(Resampling can only raise a calibration error, so its interval lies above the plain value.)

**Columns.** Required: {required}.
May be absent, because their measured cost on held-out rows is at most 0.001 AUC and 0.01 mean change: {optional}.
A category that the model has not seen is scored as "none of the known ones" and flagged; it is never
replaced by a known one.

**Reasons** are exact path-dependent Shapley values of the trees. They explain the model, not the customer: a
reason is not a cause, and acting on it does not by itself change the outcome.

**Limits.** One company, one country, one point in time, no dates. Retrain on your own labelled customers before
spending money on the ranking, and watch the drift table. Gender and age group are inputs with a small effect; check
that your use of them is lawful where you are.

**Licence.** {bundle['licence']}. Made by `train_telco.py`; `golden.csv` holds made-up rows only.
"""


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Trains the bundle and prints its cross-validated metrics.")
    parser.add_argument("data", type=pathlib.Path, help="the public IBM Telco table, 7,043 rows x 21 columns")
    parser.add_argument("folder", type=pathlib.Path, nargs="?", default=here / f"{MODEL_ID}-{VERSION}",
                        help="where the bundle goes; the shipped one when left out")
    arguments = parser.parse_args()
    data, folder = arguments.data, arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    with data.open(newline="", encoding="utf-8-sig") as handle:
        rows = list(csv.DictReader(handle))
    values, labels = encode(rows), np.array([row["Churn"] == "Yes" for row in rows], dtype=np.float64)

    repeats, effects = cross_validate(values, labels)
    fold, margins = repeats[0]
    plain = scores_of(labels, sigmoid(margins))
    print("five-fold, uncalibrated: " + "  ".join(f"{k} {v:.4f}" for k, v in plain.items()))
    nested = nested_calibration(fold, margins, labels)
    print("five-fold, calibrated:   " + "  ".join(f"{k} {v:.4f}" for k, v in scores_of(labels, nested).items()))
    calibration = platt(np.concatenate([m for _, m in repeats]), np.concatenate([labels] * len(repeats)))
    print(f"calibration: {calibration}")

    booster = fit(values, labels)
    (folder / "model.json").write_bytes(bytes(booster.save_raw("json")))
    with (folder / "golden.csv").open("w", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows(golden_table(booster, calibration))
    bundle = {
        "schema": "headrace.model-bundle/1", "id": MODEL_ID, "version": VERSION,
        "title": "Telco customer churn", "licence": "Apache-2.0", "xgboost": xgb.__version__,
        "model": {"file": "model.json", "sha256": sha256(folder / "model.json")},
        "identifier": "customerID", "target": {"column": "Churn", "positive": "Yes", "negative": "No"},
        "revenue": "MonthlyCharges",
        "columns": [column_document(spec, rows, effects[spec[0]]) for spec in COLUMNS],
        "features": features(), "calibration": calibration, "tiers": TIERS, "actions": ACTIONS,
        "training": {"dataSha256": sha256(data), "rows": len(rows), "positives": int(labels.sum()),
                     "parameters": PARAMETERS | {"num_boost_round": TREES}},
        "metrics": {"method": "five-fold cross-validation, calibrated on the other folds, 95 % bootstrap interval",
                    "crossValidated": intervals(labels, nested),
                    "repeatedAuc": round(float(np.mean([auc(labels, m) for _, m in repeats])), 4)},
    }
    (folder / "bundle.json").write_text(json.dumps(bundle, indent=1, default=lambda value: value.item()) + "\n")
    (folder / "MODEL_CARD.md").write_text(model_card(bundle))
    names = ["MODEL_CARD.md", "bundle.json", "golden.csv", "model.json"]
    (folder / "sha256sums").write_text("".join(f"{sha256(folder / n)}  {n}\n" for n in names))
    for column in bundle["columns"]:
        print(f"absent {column['name']:17} {column['absence']}  required {column['required']}")


if __name__ == "__main__":
    main()
