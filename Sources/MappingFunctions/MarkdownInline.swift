/// What stands within a block of Markdown. Every look-ahead is remembered, so that the work grows with the text only.
struct MarkdownInline {
    /// Emphasis nests at most this deep.
    private static let deepest = 12

    private let text: [Character]
    /// Where each opening bracket that has a partner is closed.
    private let partners: [Int: Int]
    /// For a mark and the length of its run: before which position no closing run was found.
    private var barren: [String: Int] = [:]
    private var nextAngle = -1

    static func html(_ text: String) -> String {
        let characters = Array(text)
        var inline = MarkdownInline(text: characters, partners: partners(in: characters))
        return inline.html(characters[...], 0)
    }

    private init(text: [Character], partners: [Int: Int]) {
        self.text = text
        self.partners = partners
    }

    private static func partners(in text: [Character]) -> [Int: Int] {
        var partners: [Int: Int] = [:]
        var squares: [Int] = []
        var rounds: [Int] = []
        var at = 0
        while at < text.count {
            switch text[at] {
            case "\\": at += 1
            case "[": squares.append(at)
            case "]": if let open = squares.popLast() { partners[open] = at }
            case "(": rounds.append(at)
            case ")": if let open = rounds.popLast() { partners[open] = at }
            default: break
            }
            at += 1
        }
        return partners
    }

    static func escape(_ text: String) -> String {
        var output = ""
        for character in text {
            switch character {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            case "'": output += "&#39;"
            default: output.append(character)
            }
        }
        return output
    }

    private mutating func html(_ text: ArraySlice<Character>, _ depth: Int) -> String {
        var output = ""
        var at = text.startIndex
        while at < text.endIndex {
            let character = text[at]
            let rest = text[at...]
            switch character {
            case "\\" where at + 1 < text.endIndex && (text[at + 1].isPunctuation || text[at + 1].isSymbol || text[at + 1].isNewline):
                output += text[at + 1].isNewline ? "<br>\n" : Self.escape(String(text[at + 1]))
                at += 2
                continue
            case "`":
                let length = rest.prefix { $0 == "`" }.count
                let start = at + length
                if let end = closing(run: "`", length, in: text, from: start) {
                    var code = String(text[start..<end].map { $0.isNewline ? " " : $0 })
                    if code.hasPrefix(" "), code.hasSuffix(" "), !code.trimmingSpace.isEmpty { code = String(code.dropFirst().dropLast()) }
                    output += "<code>" + Self.escape(code) + "</code>"
                    at = end + length
                    continue
                }
                output += String(repeating: "`", count: length)
                at = start
                continue
            case "*", "_", "~":
                if depth < Self.deepest, let (piece, next) = emphasis(text, at, depth) {
                    output += piece
                    at = next
                    continue
                }
                let length = rest.prefix { $0 == character }.count
                output += String(repeating: character, count: length)
                at += length
                continue
            case "!" where rest.dropFirst().first == "[", "[":
                if depth < Self.deepest, let (piece, next) = link(text, at, depth) {
                    output += piece
                    at = next
                    continue
                }
            case "<":
                if let (piece, next) = angle(text, at) {
                    output += piece
                    at = next
                    continue
                }
            case " " where rest.prefix(3).elementsEqual([" ", " ", "\n"]):
                output += "<br>"
                while at < text.endIndex, text[at] == " " { at += 1 }
                continue
            case "&":
                // References stay as they are written.
                let name = rest.dropFirst().prefix(32)
                if let end = name.firstIndex(of: ";"), end > name.startIndex,
                    name[..<end].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "#") })
                {
                    output += String(text[at...end])
                    at = end + 1
                    continue
                }
            default: break
            }
            output += Self.escape(String(character))
            at += 1
        }
        return output
    }

    /// Where a run of exactly `length` marks that `isEnd` accepts begins.
    private mutating func closing(
        run mark: Character, _ length: Int, in text: ArraySlice<Character>, from start: Int,
        where isEnd: (Int) -> Bool = { _ in true }
    ) -> Int? {
        let key = "\(mark)\(length)"
        var at = max(start, barren[key] ?? 0)
        // A run that began before the place to go on from was judged already.
        if at > start { while at < text.endIndex, text[at] == mark, text[at - 1] == mark { at += 1 } }
        while at < text.endIndex {
            guard text[at] == mark else {
                at += 1
                continue
            }
            let run = text[at...].prefix { $0 == mark }.count
            if run == length, isEnd(at) { return at }
            at += run
        }
        barren[key] = max(barren[key] ?? 0, at)
        return nil
    }

    private mutating func emphasis(_ text: ArraySlice<Character>, _ at: Int, _ depth: Int) -> (String, Int)? {
        let mark = text[at]
        let run = text[at...].prefix { $0 == mark }.count
        let inner = at + run
        guard run <= (mark == "~" ? 2 : 3), inner < text.endIndex, !text[inner].isWhitespace else { return nil }
        // Within a word an underscore is part of it.
        if mark == "_", at > text.startIndex, text[at - 1].isLetter || text[at - 1].isNumber { return nil }
        let found = closing(run: mark, run, in: text, from: inner) { found in
            let after = found + run
            let endsWord = mark != "_" || after >= text.endIndex || !(text[after].isLetter || text[after].isNumber)
            return found > inner && !text[found - 1].isWhitespace && text[found - 1] != "\\" && endsWord
        }
        guard let found else { return nil }
        let body = html(text[inner..<found], depth + 1)
        if mark == "~" { return ("<del>\(body)</del>", found + run) }
        let wrapped = ["<em>\(body)</em>", "<strong>\(body)</strong>", "<em><strong>\(body)</strong></em>"][run - 1]
        return (wrapped, found + run)
    }

    private mutating func link(_ text: ArraySlice<Character>, _ at: Int, _ depth: Int) -> (String, Int)? {
        let isImage = text[at] == "!"
        let open = isImage ? at + 1 : at
        guard let close = partners[open], close + 1 < text.endIndex, text[close + 1] == "(",
            let end = partners[close + 1], end < text.endIndex
        else { return nil }
        let target = String(text[(close + 2)..<end]).trimmingSpace
        var address = target
        var title = ""
        if let space = target.firstIndex(where: \.isWhitespace) {
            address = String(target[..<space])
            title = target[space...].description.trimmingSpace
            guard title.count >= 2, "\"'(".contains(title.first ?? " ") else { return nil }
            title = " title=\"\(Self.escape(String(title.dropFirst().dropLast())))\""
        }
        if address.hasPrefix("<"), address.hasSuffix(">") { address = String(address.dropFirst().dropLast()) }
        let label = text[(open + 1)..<close]
        if isImage { return ("<img src=\"\(Self.escape(address))\" alt=\"\(Self.escape(String(label)))\"\(title)>", end + 1) }
        return ("<a href=\"\(Self.escape(address))\"\(title)>\(html(label, depth + 1))</a>", end + 1)
    }

    /// An address in angle brackets, or a tag, which stays.
    private mutating func angle(_ text: ArraySlice<Character>, _ at: Int) -> (String, Int)? {
        if nextAngle < at { nextAngle = self.text[at...].firstIndex(of: ">") ?? .max }
        guard nextAngle < text.endIndex else { return nil }
        let end = nextAngle
        let inner = String(text[(at + 1)..<end])
        guard let first = inner.first, first.isASCII, first.isLetter || first == "/" || first == "!" else { return nil }
        if !inner.contains(" "), inner.contains("://") || inner.hasPrefix("mailto:") {
            return ("<a href=\"\(Self.escape(inner))\">\(Self.escape(inner))</a>", end + 1)
        }
        if !inner.contains(" "), inner.contains("@"), !inner.contains("=") {
            return ("<a href=\"mailto:\(Self.escape(inner))\">\(Self.escape(inner))</a>", end + 1)
        }
        return ("<\(inner)>", end + 1)
    }
}
