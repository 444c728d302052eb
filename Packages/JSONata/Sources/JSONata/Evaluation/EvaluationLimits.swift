/// What one evaluation may use before it is stopped with an error.
public struct EvaluationLimits: Sendable, Hashable {
    /// Nested evaluations of syntax nodes; a call in tail position adds none. Exceeding it raises `D1011`.
    public var depth: Int
    /// Milliseconds of wall clock. Exceeding it raises `D1012`.
    public var milliseconds: Int
    /// Items of one sequence. Exceeding it raises `D2015`.
    public var sequence: Int
    /// Bytes of memory for values, the input's copy included. Exceeding it raises `D1013`.
    public var memory: Int
    /// Bytes of JSON text that the result may have. Exceeding it raises `D1014`.
    public var output: Int

    public init(
        depth: Int = 5_000, milliseconds: Int = 10_000, sequence: Int = 10_000_000, memory: Int = 1 << 29,
        output: Int = 1 << 28
    ) {
        self.depth = depth
        self.milliseconds = milliseconds
        self.sequence = sequence
        self.memory = memory
        self.output = output
    }

    /// Generous for mappings, tight enough for a server: depth 5,000, 10 s, 512 MB.
    public static let standard = EvaluationLimits()

    /// The codes of errors that tell of a limit, this one's or an `EvaluationBudget`'s.
    static let codes: Set<String> = ["D1011", "D1012", "D1013", "D1014", "D1015", "D1016", "D2015"]
}
