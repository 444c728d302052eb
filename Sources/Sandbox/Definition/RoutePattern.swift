import Encodings

/// `GET /v1/candidates/:id`: a method, and segments of literal text and parameters.
struct RoutePattern: Sendable {
    private enum Piece: Sendable, Hashable {
        case literal(String)
        case parameter(String)
    }

    private enum Segment: Sendable, Hashable {
        case pieces([Piece])
        case rest(String)
    }

    let method: String
    private let segments: [Segment]
    /// The parameters in their order.
    let parameters: [String]
    /// Greater for a pattern that says more.
    let weight: [Int]

    /// Nil for a text of another form.
    init?(_ text: String) {
        let halves = text.split(separator: " ", omittingEmptySubsequences: true)
        guard halves.count == 2, halves[1].first == "/", halves[0].allSatisfy({ $0.isUppercase }) else { return nil }
        method = String(halves[0])
        var segments: [Segment] = []
        for part in halves[1].dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            if part.first == "*" {
                segments.append(.rest(part.count > 1 ? String(part.dropFirst()) : "rest"))
                break
            }
            segments.append(.pieces(Self.pieces(part)))
        }
        self.segments = segments
        parameters = segments.flatMap { segment in
            switch segment {
            case .rest(let name): [name]
            case .pieces(let pieces): pieces.compactMap { if case .parameter(let name) = $0 { name } else { nil } }
            }
        }
        weight = segments.map { segment in
            switch segment {
            case .rest: 0
            case .pieces(let pieces):
                pieces.reduce(1) { sum, piece in
                    if case .literal(let text) = piece { sum + 10 + text.utf8.count } else { sum }
                } + (pieces.contains { if case .parameter = $0 { true } else { false } } ? 0 : 10_000)
            }
        }
    }

    private static func pieces(_ text: Substring) -> [Piece] {
        var pieces: [Piece] = []
        var rest = text
        while !rest.isEmpty {
            if rest.first == ":" {
                let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                if !name.isEmpty {
                    pieces.append(.parameter(String(name)))
                    rest = rest.dropFirst(name.count + 1)
                    continue
                }
            }
            let literal = rest.prefix(1) + rest.dropFirst().prefix { $0 != ":" }
            pieces.append(.literal(String(literal)))
            rest = rest.dropFirst(literal.count)
        }
        return pieces
    }

    /// The parameters of a path that fits, percent-decoded; nil for one that does not.
    func match(_ path: [Substring]) -> [(String, String)]? {
        var found: [(String, String)] = []
        for (at, segment) in segments.enumerated() {
            switch segment {
            case .rest(let name):
                found.append(
                    (name, path.dropFirst(at).map { PercentEncoding.decodedLeniently($0, plusIsSpace: false) }.joined(separator: "/")))
                return found
            case .pieces(let pieces):
                guard at < path.count, Self.match(pieces[...], path[at], &found) else { return nil }
            }
        }
        return path.count == segments.count ? found : nil
    }

    private static func match(_ pieces: ArraySlice<Piece>, _ text: Substring, _ found: inout [(String, String)]) -> Bool {
        guard let piece = pieces.first else { return text.isEmpty }
        let rest = pieces.dropFirst()
        switch piece {
        case .literal(let literal):
            let decoded = text.contains("%") ? Substring(PercentEncoding.decodedLeniently(text, plusIsSpace: false)) : text
            if decoded.hasPrefix(literal) { return match(rest, decoded.dropFirst(literal.count), &found) }
            return false
        case .parameter(let name):
            var value = text
            if case .literal(let next)? = rest.first {
                guard let end = text.ranges(of: next).last?.lowerBound else { return false }
                value = text[..<end]
            }
            guard !value.isEmpty else { return false }
            found.append((name, PercentEncoding.decodedLeniently(value, plusIsSpace: false)))
            return match(rest, text[value.endIndex...], &found)
        }
    }
}
