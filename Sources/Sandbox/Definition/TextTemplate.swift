import JSON

/// A text with `{{expression}}` in it.
struct TextTemplate: Sendable {
    enum Piece: Sendable {
        case text(String)
        case script(Script)
    }

    let pieces: [Piece]

    init(_ source: String, _ path: [String], _ reading: SandboxReading, names: Set<String>) {
        var pieces: [Piece] = []
        var rest = Substring(source)
        while let start = rest.range(of: "{{") {
            if start.lowerBound > rest.startIndex { pieces.append(.text(String(rest[..<start.lowerBound]))) }
            rest = rest[start.upperBound...]
            guard let end = Self.end(rest) else {
                reading.report(path, "'{{' has no '}}'")
                break
            }
            pieces.append(.script(reading.script(String(rest[..<end]), path, names: names)))
            rest = rest[rest.index(end, offsetBy: 2)...]
        }
        if !rest.isEmpty { pieces.append(.text(String(rest))) }
        self.pieces = pieces
    }

    /// The place of the `}}` that ends an expression: the last of a row of braces, which may close objects.
    private static func end(_ text: Substring) -> Substring.Index? {
        guard var end = text.range(of: "}}")?.lowerBound else { return nil }
        while text[text.index(end, offsetBy: 2)...].first == "}" { end = text.index(after: end) }
        return end
    }

    var readsBody: Bool {
        pieces.contains { if case .script(let script) = $0 { script.readsBody } else { false } }
    }
}

extension Substring {
    /// The first place of a text.
    fileprivate func range(of text: String) -> Range<Index>? {
        ranges(of: text).first
    }
}
