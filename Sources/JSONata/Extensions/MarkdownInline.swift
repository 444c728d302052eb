/// What stands within a line of Markdown.
enum MarkdownInline {
    /// Emphasis nests at most this deep, and closes within this many characters.
    private static let deepest = 20
    private static let farthest = 4000

    static func html(_ text: String) -> String { html(Array(text)[...], 0) }

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

    private static func html(_ text: ArraySlice<Character>, _ depth: Int) -> String {
        var output = ""
        var at = text.startIndex
        while at < text.endIndex {
            let character = text[at]
            let rest = text[at...]
            switch character {
            case "\\" where at + 1 < text.endIndex && (text[at + 1].isPunctuation || text[at + 1].isSymbol || text[at + 1].isNewline):
                output += text[at + 1].isNewline ? "<br>\n" : escape(String(text[at + 1]))
                at += 2
                continue
            case "`":
                let length = rest.prefix { $0 == "`" }.count
                let start = at + length
                if let end = closing(run: "`", length, in: text, from: start) {
                    var code = String(text[start..<end].map { $0.isNewline ? " " : $0 })
                    if code.hasPrefix(" "), code.hasSuffix(" "), !code.trimmingSpace.isEmpty { code = String(code.dropFirst().dropLast()) }
                    output += "<code>" + escape(code) + "</code>"
                    at = end + length
                    continue
                }
                output += String(repeating: "`", count: length)
                at = start
                continue
            case "*", "_", "~":
                if depth < deepest, let (piece, next) = emphasis(text, at, depth) {
                    output += piece
                    at = next
                    continue
                }
                let length = rest.prefix { $0 == character }.count
                output += String(repeating: character, count: length)
                at += length
                continue
            case "!" where rest.dropFirst().first == "[", "[":
                if depth < deepest, let (piece, next) = link(text, at, depth) {
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
            output += escape(String(character))
            at += 1
        }
        return output
    }

    /// Where a run of exactly `length` marks begins.
    private static func closing(
        run mark: Character, _ length: Int, in text: ArraySlice<Character>, from start: Int
    ) -> Int? {
        var at = start
        let end = min(text.endIndex, start + farthest)
        while at < end {
            guard text[at] == mark else {
                at += 1
                continue
            }
            let run = text[at...].prefix { $0 == mark }.count
            if run == length { return at }
            at += run
        }
        return nil
    }

    private static func emphasis(_ text: ArraySlice<Character>, _ at: Int, _ depth: Int) -> (String, Int)? {
        let mark = text[at]
        let run = text[at...].prefix { $0 == mark }.count
        let inner = at + run
        guard run <= 3, inner < text.endIndex, !text[inner].isWhitespace else { return nil }
        // Within a word an underscore is part of it.
        if mark == "_", at > text.startIndex, text[at - 1].isLetter || text[at - 1].isNumber { return nil }
        var end = inner
        while let found = closing(run: mark, run, in: text, from: end) {
            let after = found + run
            let endsWord = mark != "_" || after >= text.endIndex || !(text[after].isLetter || text[after].isNumber)
            if found > inner, !text[found - 1].isWhitespace, text[found - 1] != "\\", endsWord {
                let body = html(text[inner..<found], depth + 1)
                if mark == "~" { return run <= 2 ? ("<del>\(body)</del>", after) : nil }
                return (["<em>\(body)</em>", "<strong>\(body)</strong>", "<em><strong>\(body)</strong></em>"][run - 1], after)
            }
            end = after
        }
        return nil
    }

    private static func link(_ text: ArraySlice<Character>, _ at: Int, _ depth: Int) -> (String, Int)? {
        let isImage = text[at] == "!"
        let open = isImage ? at + 1 : at
        guard let close = matching("[", "]", text, open), close + 1 < text.endIndex, text[close + 1] == "(",
            let end = matching("(", ")", text, close + 1)
        else { return nil }
        let target = String(text[(close + 2)..<end]).trimmingSpace
        var address = target
        var title = ""
        if let space = target.firstIndex(where: \.isWhitespace) {
            address = String(target[..<space])
            title = target[space...].description.trimmingSpace
            guard title.count >= 2, "\"'(".contains(title.first ?? " ") else { return nil }
            title = " title=\"\(escape(String(title.dropFirst().dropLast())))\""
        }
        if address.hasPrefix("<"), address.hasSuffix(">") { address = String(address.dropFirst().dropLast()) }
        let label = text[(open + 1)..<close]
        if isImage { return ("<img src=\"\(escape(address))\" alt=\"\(escape(String(label)))\"\(title)>", end + 1) }
        return ("<a href=\"\(escape(address))\"\(title)>\(html(label, depth + 1))</a>", end + 1)
    }

    private static func matching(
        _ open: Character, _ close: Character, _ text: ArraySlice<Character>, _ start: Int
    ) -> Int? {
        var level = 0
        var at = start
        let end = min(text.endIndex, start + farthest)
        while at < end {
            if text[at] == "\\" {
                at += 1
            } else if text[at] == open {
                level += 1
            } else if text[at] == close {
                level -= 1
                if level == 0 { return at }
            }
            at += 1
        }
        return nil
    }

    /// An address in angle brackets, or a tag, which stays.
    private static func angle(_ text: ArraySlice<Character>, _ at: Int) -> (String, Int)? {
        guard let end = text[at...].prefix(farthest).firstIndex(of: ">") else { return nil }
        let inner = String(text[(at + 1)..<end])
        guard let first = inner.first, first.isASCII, first.isLetter || first == "/" || first == "!" else { return nil }
        if !inner.contains(" "), inner.contains("://") || inner.hasPrefix("mailto:") {
            return ("<a href=\"\(escape(inner))\">\(escape(inner))</a>", end + 1)
        }
        if !inner.contains(" "), inner.contains("@"), !inner.contains("=") {
            return ("<a href=\"mailto:\(escape(inner))\">\(escape(inner))</a>", end + 1)
        }
        return ("<\(inner)>", end + 1)
    }
}
