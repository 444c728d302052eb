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
        let halves = Self.halves(text)
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
        last = cut == words.count ? nil : cut == words.count - 1 ? words[cut] : words[cut...].joined(separator: " ")
    }

    /// The words before and behind the first comma.
    private static func halves(_ text: String) -> [[String]] {
        // The same byte by byte, where each is a character: lists have hundreds of names.
        var text = text
        if text.isASCII { return text.withUTF8 { halves(inASCII: $0) } }
        return text.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map { half in
            half.split { $0.isWhitespace || $0 == "," }.map(String.init)
        }
    }

    private static func halves(inASCII text: UnsafeBufferPointer<UInt8>) -> [[String]] {
        var halves: [[String]] = [[]]
        var start = 0
        for at in 0...text.count {
            let isComma = at < text.count && text[at] == UInt8(ascii: ",")
            guard at == text.count || isComma || text[at].isASCIISpace else { continue }
            if start < at { halves[halves.count - 1].append(String(decoding: text[start..<at], as: UTF8.self)) }
            start = at + 1
            if isComma, halves.count == 1 { halves.append([]) }
        }
        return halves
    }

    private static func isSuffix(_ word: String) -> Bool {
        let word = word.lowercased()
        return suffixes.contains(word.utf8.contains(UInt8(ascii: ".")) ? word.filter { $0 != "." } : word)
    }
}
