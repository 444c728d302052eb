/// The parts of a name that a vendor gives as one text.
///
/// No rule is right for every culture, so there is one for all vendors, written down in `docs/mapping-functions.md`.
struct PersonName: Equatable, Sendable {
    var first: String?
    var last: String?

    /// Words that open a last name of several words: "van", "de la".
    private static let particles: Set<String> = [
        "af", "al", "av", "bin", "bint", "da", "das", "de", "degli", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "ibn",
        "la", "las", "le", "lo", "los", "mac", "san", "st", "st.", "ten", "ter", "van", "vom", "von", "zu", "zum", "zur",
    ]
    /// Words that follow a last name and stay with it.
    private static let suffixes: Set<String> = [
        "jr", "sr", "ii", "iii", "iv", "phd", "md", "mba", "esq", "dds", "cpa",
    ]

    /// nil where there is no word.
    init?(_ text: String) {
        let halves = text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map { Self.words($0) }
        if halves.count == 2, !halves[0].isEmpty, !halves[1].isEmpty, !halves[1].allSatisfy({ Self.isSuffix($0) }) {
            (first, last) = (halves[1].joined(separator: " "), halves[0].joined(separator: " "))
            return
        }
        let words = halves.flatMap { $0 }
        guard let only = words.first else { return nil }
        // The first word is never part of the last name, whatever it is.
        var cut = words.count
        while cut > 1, Self.isSuffix(words[cut - 1]) { cut -= 1 }
        if cut > 1 { cut -= 1 } else { cut = 1 }
        while cut > 1, Self.particles.contains(words[cut - 1].lowercased()) { cut -= 1 }
        first = cut == 1 ? only : words[..<cut].joined(separator: " ")
        last = cut < words.count ? words[cut...].joined(separator: " ") : nil
    }

    private static func words(_ text: Substring) -> [String] {
        text.split { $0.isWhitespace || $0 == "," }.map(String.init)
    }

    private static func isSuffix(_ word: String) -> Bool {
        suffixes.contains(word.lowercased().filter { $0 != "." })
    }
}
