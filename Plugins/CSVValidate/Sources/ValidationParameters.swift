/// What a job asks of the validation; every member may be absent.
public struct ValidationParameters: Decodable, Sendable {
    /// Which rules apply to columns.
    public enum SchemaChoice: Sendable, Hashable {
        /// The built-in schema whose columns the header has for the most part, otherwise none.
        case automatic
        /// No rules for columns.
        case none
        /// A built-in schema by name.
        case builtin(String)
    }

    /// How deep the validation goes.
    public enum Level: String, Decodable, Sendable {
        /// Encoding, dialect, header and row lengths.
        case structure
        /// Structure, and every cell against the schema.
        case schema
        /// Schema, and rules across the cells of a row.
        case business
    }

    /// From which verdict on the job fails instead of completing.
    public enum FailOn: String, Decodable, Sendable {
        /// From an invalid file on.
        case error
        /// From a file with warnings on.
        case warning
        /// Never.
        case never
    }

    /// What must not be passed.
    public struct Limits: Decodable, Sendable {
        /// The most bytes read, 5 GiB by default.
        public var maxBytes: Int?
        /// The most data rows read, 50 million by default.
        public var maxRows: Int?
        /// The most columns, 1,000 by default.
        public var maxColumns: Int?
        /// The longest field in bytes, 1 MiB by default.
        public var maxFieldBytes: Int?
        /// The most lines of one record, 1,000 by default.
        public var maxLinesPerRecord: Int?
        /// How many issues of one code are listed, 1,000 by default; counts stay exact.
        public var maxErrorsPerCode: Int?
    }

    /// What is known about the dialect in advance.
    public struct Dialect: Decodable, Sendable {
        /// The delimiter, one ASCII character.
        public var delimiter: String?
        /// Whether the first record is a header.
        public var header: Bool?
    }

    /// Which rules apply to columns.
    public var schema = SchemaChoice.automatic
    /// How deep the validation goes.
    public var level = Level.schema
    /// From which verdict on the job fails.
    public var failOn = FailOn.never
    /// The names of the outputs to write.
    public var emit: Set<String> = ["report.json", "errors.csv", "valid.csv"]
    /// What must not be passed.
    public var limits = Limits()
    /// What is known about the dialect.
    public var dialect = Dialect()
    /// Whether values of personal columns are masked in reports.
    public var masksPersonalValues = true

    /// Creates the default parameters.
    public init() {}

    private enum Key: String, CodingKey { case schema, level, failOn, emit, limits, dialect, pii }
    private enum SchemaKey: String, CodingKey { case builtin }
    private enum Privacy: String, Decodable { case mask, show }

    /// Decodes the parameters of a job.
    ///
    /// - Throws: `DecodingError` at the first member of the wrong type.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Key.self)
        schema = try Self.schema(in: members)
        level = try members.decodeIfPresent(Level.self, forKey: .level) ?? .schema
        failOn = try members.decodeIfPresent(FailOn.self, forKey: .failOn) ?? .never
        emit = try members.decodeIfPresent([String].self, forKey: .emit).map { Set($0) } ?? emit
        limits = try members.decodeIfPresent(Limits.self, forKey: .limits) ?? Limits()
        if (try? members.decode(String.self, forKey: .dialect)) != "auto" {
            dialect = try members.decodeIfPresent(Dialect.self, forKey: .dialect) ?? Dialect()
        }
        masksPersonalValues = try members.decodeIfPresent(Privacy.self, forKey: .pii) != .show
    }

    private static func schema(in members: KeyedDecodingContainer<Key>) throws -> SchemaChoice {
        guard members.contains(.schema) else { return .automatic }
        let name: String
        if let plain = try? members.decode(String.self, forKey: .schema) {
            name = plain
        } else {
            name = try members.nestedContainer(keyedBy: SchemaKey.self, forKey: .schema)
                .decode(String.self, forKey: .builtin)
        }
        return switch name {
        case "auto": .automatic
        case "none": .none
        default: .builtin(name)
        }
    }
}
