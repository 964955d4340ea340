/// Words of labels that change or keep a meaning.
enum WordList {
    /// Words that may stand beside any alias.
    static let harmless: Set<String> = [
        "customer", "client", "subscriber", "user", "account", "member", "telco", "telecom", "current", "is", "has",
        "flag", "indicator", "yn", "the", "of", "in", "per", "a", "an", "my", "col", "column", "field", "x", "cust",
        "do",
        "bool", "binary", "und", "de", "du", "des", "la", "le", "el", "di", "del", "der", "die", "das", "raw",
        "service", "src", "crm",
    ]

    /// Words that turn a column into another one, such as a prediction of it or a count around it.
    static let changing: Set<String> = [
        "predicted", "score", "p", "id", "identifier", "value", "status", "name", "manager", "bucket", "band",
        "probability", "risk", "likelihood", "propensity", "forecast", "expected", "estimated",
        "estimate", "model", "reason", "category", "date", "time", "timestamp", "delay", "ticket", "call", "complaint",
        "complain", "usage", "refund", "discount", "mail", "url", "note", "comment", "count", "average", "max", "std",
        "ratio", "percent", "change", "diff", "delta", "growth", "lag", "previous", "prev", "next", "last", "first",
        "extra", "tier", "segment", "group", "bucket", "bin", "rank", "gb", "mb", "minute", "roaming", "international",
        "intl", "distance", "tax", "balance", "limit", "address", "city", "days", "since", "until", "end", "start",
        "tariff", "failure", "failed", "retry", "history", "projected", "target", "potential", "vs", "trend", "quality",
        "satisfaction", "rating", "feedback", "cancel", "offer", "campaign", "contact", "hour", "night", "eve",
        "evening", "weekend", "download", "upload", "music", "unlimited", "voicemail", "sms", "late", "due", "overdue",
        "missed", "outstanding", "new", "old", "original", "index", "prob", "confidence", "at", "will", "would",
        "email", "visit", "session", "login", "interaction", "frequency", "speed", "device", "quantity", "ago",
        "renewal",
        "upgrade", "downgrade", "prior", "response", "cost", "profit", "margin", "spent", "resolution", "wait",
        "number",
        "volume", "week", "quarter", "daily", "weekly", "quarterly", "annual", "yearly", "day", "scoring", "flagged",
        "vorhersage", "risiko", "grund", "datum", "anzahl", "raison", "risque", "nombre", "motivo", "riesgo", "fecha",
        "rischio", "motif", "razao", "risco",
    ]
}
