@_spi(Engine) import JSON
@_spi(Engine) import JSONata

extension Extensions {
    static let text: [NativeFunction] = [
        NativeFunction("diceCoefficient", "<ss:n>") { c, a in
            if a[0].isUndefined || a[1].isUndefined { return .undefined }
            if a[0].sameString(a[1]) { return Value(1.0) }
            try c.work((a[0].count + a[1].count) * 8)
            let (first, second) = (TextSimilarity.normalized(c.swiftString(a[0])), TextSimilarity.normalized(c.swiftString(a[1])))
            return Value(try TextSimilarity.dice(first, second) { try c.work($0 * 32) })
        },
        NativeFunction("mostSimilar", nil, arity: 3) { c, a in
            guard a[0].isString else { return a[0] }
            let value = TextSimilarity.normalized(c.swiftString(a[0]))
            var best = (score: 0.0, value: a[0])
            for candidate in c.items(a[1]) where candidate.isString {
                try c.work(candidate.count * 8)
                let score = try TextSimilarity.dice(value, TextSimilarity.normalized(c.swiftString(candidate))) {
                    try c.work($0 * 32)
                }
                if score > best.score { best = (score, candidate) }
            }
            return best.score >= (a[2].isNumber ? a[2].double : 0.8) ? best.value : a[0]
        },
        .text("decodeHtmlEntities") { .string(HTMLEntities.decode($0)) },
    ]
}

/// How alike two texts are, by the pairs of neighbouring letters they share (Dice's coefficient).
enum TextSimilarity {
    /// From 0 to 1, capitals aside. Each pair counts as often as it occurs in both.
    ///
    /// - Parameter charge: told of letters that are looked at; what it throws ends the comparison.
    static func dice(
        _ first: String, _ second: String, _ charge: (Int) throws -> Void
    ) rethrows -> Double {
        let left = pairs(first)
        var right: [[Character]: Int] = [:]
        for pair in pairs(second) {
            try charge(1)
            right[pair, default: 0] += 1
        }
        let total = left.count + right.values.reduce(0, +)
        if total == 0 { return first.lowercased() == second.lowercased() ? 1 : 0 }
        var shared = 0
        for pair in left {
            try charge(1)
            if let count = right[pair], count > 0 {
                shared += 1
                right[pair] = count - 1
            }
        }
        return 2 * Double(shared) / Double(total)
    }

    private static func pairs(_ text: String) -> [[Character]] {
        let letters = Array(text.lowercased())
        return zip(letters, letters.dropFirst()).map { [$0, $1] }
    }

    /// Its ASCII letters and digits, in lower case.
    static func normalized(_ text: String) -> String {
        text.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
