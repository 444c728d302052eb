/// `application/x-www-form-urlencoded` (WHATWG URL §5) as names and values in their order, which no brackets nest.
package enum URLEncodedForm {
    /// `a=1&b=x%20y`: a space is not `+`, which is not read alike everywhere.
    package static func text(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { PercentEncoding.encoded($0.name) + "=" + PercentEncoding.encoded($0.value) }.joined(separator: "&")
    }

    /// What is not percent-encoded stays as it stands. Parts without `=` have an empty value.
    package static func pairs(_ text: some StringProtocol) -> [(name: String, value: String)] {
        text.split(separator: "&").map { part in
            let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(halves[0]), halves.count > 1 ? decoded(halves[1]) : "")
        }
    }

    private static func decoded(_ text: some StringProtocol) -> String { PercentEncoding.decodedLeniently(text, plusIsSpace: true) }
}
