import JSON

/// What a part of a definition may look like; the definitions' own small schema language.
indirect enum Shape: Sendable {
    case any
    case text
    case bool
    case integer(ClosedRange<Int>)
    case number
    /// Bytes: a whole number, or a text such as `30MB`.
    case byteSize
    /// A JSONata expression; checked by compiling where `lint` asks for it.
    case expression
    /// A text with placeholders.
    case template
    /// JSON of any form, its texts being templates.
    case templateTree
    case word([String])
    case list(Shape)
    /// Keys are free; `null` is allowed as a value where `nullable`.
    case map(Shape, nullable: Bool)
    case object([Field])
    /// The first whose kind of value (text, object, …) fits is the one that reports.
    case either([Shape])
    case nullable(Shape)
    /// One, or several by name; an object that has the member `key` is one.
    case oneOrNamed(Shape, key: String)
    /// One, or a list of them.
    case oneOrList(Shape)
    /// A length of time: `1h`, `90s`, or a whole number of seconds.
    case duration

    struct Field: Sendable {
        /// All spellings, the preferred one first.
        var names: [String]
        var shape: Shape
        var required: Bool
    }

    static func field(_ names: String..., shape: Shape, required: Bool = false) -> Field {
        Field(names: names, shape: shape, required: required)
    }
}
