import Testing

@_spi(Engine) @testable import JSONata

/// Subjects lie between other strings in the arena: a match may depend on none of these.
@Suite struct RegexBoundsTests {
    /// Where a match and its groups are.
    private struct Found: Hashable {
        var match: Range<Int>
        var groups: [Range<Int>?]
    }

    private static let pieces = [
        "a", "b", "é", "ſ", "😀", "\u{1}", "\\1", "\\x01", "\\uD83D", "\\w", "\\W", "\\s", ".", "[^a]", "[a-é]", "a|b", "|",
        "(", "(?:", "(?=", "(?!", "(?<=", "(?<!", ")", ")", ")", "*", "+", "?", "*?", "{2}", "{1,2}", "^", "$", "\\b", "\\B",
    ]
    private static let parts = ["a", "b", "é", "😀", " ", "\n", "\u{1}", "\u{2028}", "ſ", "S", "ab"]
    /// What may lie around a subject: something that no pattern looks for, and things that patterns do look for.
    private static let surroundings: [[UInt8]] = [
        [0], [0x61], [0x01], Array("é".utf8), [0xED, 0xA0, 0xBD], [0xED, 0xB8, 0x80], [0xC3], [0xA9], [0x80], [0x0A], [0x73],
    ]

    @Test(arguments: ["", "i", "m", "im"]) func `a match does not depend on what lies around its subject`(flags: String) throws {
        var random = SeededGenerator(state: 11)
        let (compiled, scratch) = (RegexFlags(ignoresCase: flags.contains("i"), multiline: flags.contains("m")), RegexScratch())
        var matches = 0
        for _ in 0..<4000 {
            let pattern = Array(Self.text(of: Self.pieces, 1...6, &random).utf8)
            guard
                let regex = try? pattern.withUnsafeBufferPointer({ bytes throws(JSONataError) in
                    try RegularExpression(bytes, flags: compiled)
                })
            else { continue }
            for _ in 0..<4 {
                let text = Array(Self.text(of: Self.parts, 0...5, &random).utf8)
                let subject = text.withUnsafeBufferPointer(RegexSubject.split)
                let plain = Self.first(regex, subject, between: Self.surroundings[0], scratch)
                if plain != nil { matches += 1 }
                for ranges in plain.map({ [$0.match] + $0.groups.compactMap(\.self) }) ?? [] {
                    #expect(0 <= ranges.lowerBound && ranges.upperBound <= subject.count)
                }
                for other in Self.surroundings.dropFirst() {
                    let found = Self.first(regex, subject, between: other, scratch)
                    #expect(found == plain, "/\(String(decoding: pattern, as: UTF8.self))/\(flags) on \(subject) between \(other)")
                }
            }
        }
        #expect(matches > 1000)
    }

    private static func text(of parts: [String], _ count: ClosedRange<Int>, _ random: inout SeededGenerator) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in parts.randomElement(using: &random) ?? "" }.joined()
    }

    private static func first(
        _ regex: RegularExpression, _ subject: [UInt8], between other: [UInt8], _ scratch: RegexScratch
    ) -> Found? {
        let around = (0..<12).flatMap { _ in other }
        let bytes = around + subject + around
        return bytes.withUnsafeBufferPointer { bytes in
            let inside = UnsafeBufferPointer(rebasing: bytes[around.count..<around.count + subject.count])
            scratch.budget = 100_000
            guard (try? regex.firstMatch(in: inside, from: 0, scratch)) == true else { return nil }
            return Found(match: scratch.match, groups: (1..<regex.groupCount + 1).map(scratch.group))
        }
    }
}

/// The same numbers every time.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
