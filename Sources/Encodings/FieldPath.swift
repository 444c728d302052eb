/// A field's name as the steps to its place: `a[b][0][]` is `a`, then `b`, then item 0, then a new item.
///
/// By the rules of the `qs` library: what stands before the first well-formed bracket is the first step; text between
/// brackets is passed over; a name without a well-formed bracket is one step as it is.
struct FieldPath {
    enum Step: Hashable {
        case key(String)
        case index(Int)
        case append
    }

    /// Items of an array at most that brackets may name; a larger number is a key. So `a[999999999]=x` costs nothing.
    static let maxIndex = 999

    let steps: [Step]

    /// - Throws: `QueryError.Code.tooDeep` with more than `maxDepth` brackets.
    init(_ name: String, maxDepth: Int) throws(QueryError) {
        guard name.utf8.contains(UInt8(ascii: "[")) else {
            steps = [.key(name)]
            return
        }
        let bytes = Array(name.utf8)
        var steps: [Step] = []
        var open: Int?
        var depth = 0
        for (at, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "[") {
                open = at
            } else if byte == UInt8(ascii: "]"), let start = open {
                open = nil
                if depth == 0, start > 0 { steps.append(.key(String(decoding: bytes[..<start], as: UTF8.self))) }
                depth += 1
                guard depth <= maxDepth else {
                    throw QueryError(
                        .tooDeep, "a name nests deeper than \(maxDepth) brackets", name: String(name.prefix(64)))
                }
                steps.append(Self.step(String(decoding: bytes[(start + 1)..<at], as: UTF8.self)))
            }
        }
        self.steps = depth == 0 ? [.key(name)] : steps
    }

    private static func step(_ text: String) -> Step {
        if text.isEmpty { return .append }
        // Only the plain form is a number: `01` and `+1` are keys.
        if let index = Int(text), (0...maxIndex).contains(index), String(index) == text { return .index(index) }
        return .key(text)
    }
}
