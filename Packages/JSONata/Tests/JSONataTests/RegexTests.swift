import Testing

@_spi(Engine) @testable import JSONata

@Suite struct RegexTests {
    /// The first match and its groups, written `match|group|…`; nil where nothing matches. A group that took no part is `-`.
    private func first(_ pattern: String, _ subject: String, _ flags: String = "", budget: Int = 1_000_000) throws -> String? {
        let regex = try Array(pattern.utf8).withUnsafeBufferPointer { bytes throws(JSONataError) in
            try RegularExpression(
                bytes, flags: RegexFlags(ignoresCase: flags.contains("i"), multiline: flags.contains("m"))
            )
        }
        let bytes = Array(subject.utf8).withUnsafeBufferPointer(RegexSubject.split)
        let scratch = RegexScratch()
        scratch.budget = budget
        return try bytes.withUnsafeBufferPointer { buffer throws(JSONataError) -> String? in
            guard try regex.firstMatch(in: buffer, from: 0, scratch) else { return nil }
            func text(_ range: Range<Int>) -> String {
                var joined: [UInt8] = []
                RegexSubject.appendJoined(UnsafeBufferPointer(rebasing: buffer[range]), to: &joined)
                return String(decoding: joined, as: UTF8.self)
            }
            var parts = [text(scratch.match)]
            for group in 1..<(regex.groupCount + 1) { parts.append(scratch.group(group).map(text) ?? "-") }
            return parts.joined(separator: "|")
        }
    }

    @Test(
        arguments: [
            ("b+", "abbb", "", "bbb"), ("a|ab", "ab", "", "a"), ("<[^>]+>", "x <b>y</b>", "", "<b>"),
            ("(a)|(b)", "b", "", "b|-|b"), ("(?:a|(b))*", "ba", "", "ba|-"),
            ("(z)((a+)?(b+)?(c))*", "zaacbbbcac", "", "zaacbbbcac|z|ac|a|-|c"),
            ("a{2,3}", "aaaa", "", "aaa"), ("a{2,3}?", "aaaa", "", "aa"), ("a{,2}", "a{,2}", "", "a{,2}"),
            ("(a*)*", "b", "", "|-"), ("(?=(a+))a*b\\1", "baaabac", "", "aba|a"),
            ("(.*?)a(?!(a+)b\\2c)\\2(.*)", "baaabaac", "", "baaabaac|ba|-|abaac"),
            ("(?<=\\$)\\d+", "€1 $42", "", "42"), ("(?<!\\$)\\b\\d+", "$42 7", "", "7"),
            ("(?<year>\\d{4})-\\k<year>", "2024-2024", "", "2024-2024|2024"),
            ("LINKEDIN\\.com", "www.LinkedIn.COM/in", "i", "LinkedIn.COM"), ("é", "É", "i", "É"), ("[à-ü]+", "ÀÉÜ", "i", "ÀÉÜ"),
            ("ſ", "s", "i", nil),
            ("^b", "a\nb", "", nil), ("^b", "a\nb", "m", "b"), ("a$", "a\nb", "m", "a"), ("\\bfoo\\b", "a foo.", "", "foo"),
            ("\\Boo", "foo", "", "oo"),
            ("^.$", "😀", "", nil), ("^..$", "😀", "", "😀"), ("[\\s\\S]+", "a\u{2028}b", "", "a\u{2028}b"), (".+", "a\u{2028}b", "", "a"),
            ("\\x41\\u0042\\103\\cJ?", "ABC", "", "ABC"), ("[\\b]|\\0", "\u{8}", "", "\u{8}"), ("[^]+", "ab", "", "ab"),
            ("[]", "a", "", nil),
            ("(?:a+)+$", "aaaab", "", nil), ("\\s*$", "a  ", "", "  "), (".*foo", "xfoofo", "", "xfoo"), ("x*", "", "", ""),
        ] as [(String, String, String, String?)])
    func `a pattern matches as in JavaScript`(pattern: String, subject: String, flags: String, expected: String?) throws {
        #expect(try first(pattern, subject, flags) == expected)
    }

    @Test(arguments: ["(", ")", "a**", "[b-a]", "a{2,1}", "(?<n>a)(?<n>b)", "(?<n>a)\\k<m>", "+", "(?x)", "[a", "\\"])
    func `what JavaScript refuses is refused`(pattern: String) {
        #expect { try first(pattern, "") } throws: { ($0 as? JSONataError)?.code == "S0303" }
    }

    @Test func `a pattern that backtracks without end is stopped`() {
        #expect { try first("(a|aa)+$", String(repeating: "a", count: 60) + "b", budget: 10_000) } throws: {
            ($0 as? JSONataError)?.code == "D1012"
        }
    }

    @Test func `groups nested without end are refused rather than overflowing the stack`() {
        let pattern = String(repeating: "(", count: 100_000)
        #expect { try first(pattern, "") } throws: { ($0 as? JSONataError)?.code == "S0303" }
    }

    @Test func `a long subject does not use the native stack`() throws {
        let subject = String(repeating: "ab", count: 100_000)
        #expect(try first("(?:a|b|(?:ab))*", subject) == subject)
    }
}
