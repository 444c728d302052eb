/// `$convertMarkdownToHtml`: the blocks of CommonMark and GitHub's tables.
enum MarkdownToHTML {
    /// Quotes and lists nest at most this deep: each level reads its lines once more.
    private static let deepest = 12

    static func convert(_ markdown: String) -> String { convert(markdown) { _ in } }

    /// - Parameter charge: told of bytes that are about to be read; what it throws ends the conversion.
    static func convert(_ markdown: String, _ charge: (Int) throws -> Void) rethrows -> String {
        let lines = markdown.split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        return try blocks(lines[...], 0, charge)
    }

    private static func blocks(
        _ lines: ArraySlice<String>, _ depth: Int, _ charge: (Int) throws -> Void
    ) rethrows -> String {
        var output = ""
        var rest = lines
        while let line = rest.first {
            try charge(line.utf8.count)
            let text = line.trimmingSpace
            if text.isEmpty {
                rest.removeFirst()
            } else if let fence = fence(text) {
                output += code(&rest, fence)
            } else if line.hasPrefix("    ") || line.hasPrefix("\t") {
                output += indented(&rest)
            } else if let level = heading(text) {
                let body = text.drop { $0 == "#" }.description.trimmingSpace
                output += "<h\(level)>\(MarkdownInline.html(closed(body)))</h\(level)>\n"
                rest.removeFirst()
            } else if isRule(text) {
                output += "<hr>\n"
                rest.removeFirst()
            } else if text.hasPrefix(">"), depth < deepest {
                var inner: [String] = []
                while let next = rest.first?.trimmingSpace, !next.isEmpty {
                    inner.append(next.hasPrefix("> ") ? String(next.dropFirst(2)) : next.hasPrefix(">") ? String(next.dropFirst()) : next)
                    rest.removeFirst()
                }
                output += "<blockquote>\n" + (try blocks(inner[...], depth + 1, charge)) + "</blockquote>\n"
            } else if MarkdownList.marker(line) != nil, depth < deepest {
                output += try MarkdownList.html(&rest) { try blocks($0, depth + 1, charge) }
            } else if let table = MarkdownTable.html(&rest) {
                output += table
            } else if text.hasPrefix("<"), text.dropFirst().first.map({ $0.isLetter || $0 == "/" || $0 == "!" }) == true {
                while let next = rest.first, !next.trimmingSpace.isEmpty {
                    output += next + "\n"
                    rest.removeFirst()
                }
            } else {
                output += paragraph(&rest)
            }
        }
        return output
    }

    private static func paragraph(_ rest: inout ArraySlice<String>) -> String {
        var lines: [String] = []
        while let line = rest.first {
            let text = line.trimmingSpace
            if !lines.isEmpty {
                let underlined = text.allSatisfy { $0 == "=" } ? 1 : text.allSatisfy { $0 == "-" } ? 2 : 0
                if underlined > 0, !text.isEmpty {
                    rest.removeFirst()
                    return "<h\(underlined)>\(MarkdownInline.html(lines.joined(separator: "\n").trimmingSpace))</h\(underlined)>\n"
                }
                let starts = heading(text) != nil || isRule(text) || fence(text) != nil || text.hasPrefix(">")
                if starts || MarkdownList.interrupts(line) { break }
            }
            if text.isEmpty { break }
            // Two spaces at the end of a line break it; those at its start mean nothing.
            lines.append(String(line.drop { $0 == " " }))
            rest.removeFirst()
        }
        return "<p>\(MarkdownInline.html(lines.joined(separator: "\n").trimmingSpace))</p>\n"
    }

    private static func fence(_ text: String) -> Character? {
        text.hasPrefix("```") ? "`" : text.hasPrefix("~~~") ? "~" : nil
    }

    private static func code(_ rest: inout ArraySlice<String>, _ fence: Character) -> String {
        let opening = rest.removeFirst().trimmingSpace
        let length = opening.prefix { $0 == fence }.count
        let language =
            opening.dropFirst(length).split(separator: " ").first.map { " class=\"language-\(MarkdownInline.escape(String($0)))\"" } ?? ""
        var lines: [String] = []
        while let line = rest.first {
            rest.removeFirst()
            let text = line.trimmingSpace
            if text.count >= length, text.allSatisfy({ $0 == fence }) { break }
            lines.append(line)
        }
        return "<pre><code\(language)>" + MarkdownInline.escape(lines.joined(separator: "\n")) + "\n</code></pre>\n"
    }

    private static func indented(_ rest: inout ArraySlice<String>) -> String {
        var lines: [String] = []
        while let line = rest.first, line.hasPrefix("    ") || line.hasPrefix("\t") || line.trimmingSpace.isEmpty {
            lines.append(line.hasPrefix("\t") ? String(line.dropFirst()) : String(line.dropFirst(4)))
            rest.removeFirst()
        }
        while lines.last?.trimmingSpace.isEmpty == true { lines.removeLast() }
        return "<pre><code>" + MarkdownInline.escape(lines.joined(separator: "\n")) + "\n</code></pre>\n"
    }

    private static func heading(_ text: String) -> Int? {
        let level = text.prefix { $0 == "#" }.count
        let after = text.dropFirst(level).first
        return (1...6).contains(level) && (after == nil || after == " " || after == "\t") ? level : nil
    }

    /// A heading without the `#`s that close it.
    private static func closed(_ text: String) -> String {
        let body = String(text.reversed().drop { $0 == "#" }.reversed())
        return body.count < text.count && (body.isEmpty || body.hasSuffix(" ")) ? body.trimmingSpace : text
    }

    static func isRule(_ text: String) -> Bool {
        let marks = text.filter { $0 != " " }
        guard marks.count >= 3, let first = marks.first, "-*_".contains(first) else { return false }
        return marks.allSatisfy { $0 == first }
    }
}

/// Lists of Markdown.
enum MarkdownList {
    /// The width of an item's mark with its indent, and the number if there is one.
    static func marker(_ line: String) -> (width: Int, number: Int?)? {
        let indent = line.prefix { $0 == " " }.count
        let body = line.dropFirst(indent)
        guard indent < 4, !MarkdownToHTML.isRule(line) else { return nil }
        if let first = body.first, "-*+".contains(first) {
            let after = body.dropFirst()
            let spaces = after.prefix { $0 == " " }.count
            return after.isEmpty || spaces > 0 ? (indent + 1 + (spaces > 4 ? 1 : max(spaces, 1)), nil) : nil
        }
        let digits = body.prefix { $0.isNumber }
        let after = body.dropFirst(digits.count)
        guard let number = Int(digits), digits.count < 10, let mark = after.first, mark == "." || mark == ")" else { return nil }
        let spaces = after.dropFirst().prefix { $0 == " " }.count
        return spaces > 0 ? (indent + digits.count + 1 + (spaces > 4 ? 1 : spaces), number) : nil
    }

    static func interrupts(_ line: String) -> Bool {
        guard let marker = marker(line) else { return false }
        return (marker.number ?? 1) == 1 && line.trimmingSpace.count > 1
    }

    static func html(
        _ rest: inout ArraySlice<String>, _ blocks: (ArraySlice<String>) throws -> String
    ) rethrows -> String {
        guard let line = rest.first, let first = marker(line) else { return "" }
        let ordered = first.number != nil
        var items: [[String]] = []
        var width = first.width
        var isLoose = false
        var sawEmpty = false
        while let line = rest.first {
            let indent = line.prefix { $0 == " " }.count
            if line.trimmingSpace.isEmpty {
                sawEmpty = true
                items[items.count - 1].append("")
            } else if indent >= width, !items.isEmpty {
                isLoose = isLoose || (sawEmpty && marker(String(line.dropFirst(width))) == nil)
                sawEmpty = false
                items[items.count - 1].append(String(line.dropFirst(width)))
            } else if let next = marker(line), (next.number != nil) == ordered {
                isLoose = isLoose || (sawEmpty && !items.isEmpty)
                sawEmpty = false
                width = next.width
                items.append([String(line.dropFirst(width))])
            } else if sawEmpty || MarkdownToHTML.isRule(line) || items.isEmpty {
                break
            } else {
                items[items.count - 1].append(line.trimmingSpace)
            }
            rest.removeFirst()
        }
        let tag = ordered ? "ol" : "ul"
        let start = first.number.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
        let body = try items.map { item in
            var inner = try blocks(item[...])
            if !isLoose { inner = tightened(inner) }
            return "<li>\(inner)</li>\n"
        }
        return "<\(tag)\(start)>\n\(body.joined())</\(tag)>\n"
    }

    /// The items of a tight list have no paragraphs of their own.
    private static func tightened(_ html: String) -> String {
        guard html.hasPrefix("<p>"), let range = html.firstRange(of: "</p>\n") else { return html }
        let rest = html[range.upperBound...]
        return String(html[html.index(html.startIndex, offsetBy: 3)..<range.lowerBound]) + (rest.isEmpty ? "" : "\n" + rest)
    }
}

/// Tables of GitHub's Markdown.
enum MarkdownTable {
    static func html(_ rest: inout ArraySlice<String>) -> String? {
        guard rest.count >= 2, let head = rest.first, head.contains("|") else { return nil }
        let rule = cells(rest[rest.startIndex + 1])
        let names = cells(head)
        guard names.count == rule.count, rule.allSatisfy({ $0.contains("-") && $0.allSatisfy { "-:".contains($0) } }) else { return nil }
        let alignments = rule.map { cell in
            cell.hasPrefix(":") && cell.hasSuffix(":")
                ? " align=\"center\"" : cell.hasSuffix(":") ? " align=\"right\"" : cell.hasPrefix(":") ? " align=\"left\"" : ""
        }
        func row(_ cells: [String], _ tag: String) -> String {
            "<tr>\n"
                + alignments.enumerated().map { index, alignment in
                    "<\(tag)\(alignment)>\(MarkdownInline.html(index < cells.count ? cells[index] : ""))</\(tag)>\n"
                }.joined() + "</tr>\n"
        }
        var output = "<table>\n<thead>\n" + row(names, "th") + "</thead>\n"
        rest = rest.dropFirst(2)
        var body = ""
        while let line = rest.first, !line.trimmingSpace.isEmpty, line.contains("|") {
            body += row(cells(line), "td")
            rest.removeFirst()
        }
        if !body.isEmpty { output += "<tbody>" + body + "</tbody>" }
        return output + "</table>\n"
    }

    private static func cells(_ line: String) -> [String] {
        var text = line.trimmingSpace
        if text.hasPrefix("|") { text.removeFirst() }
        if text.hasSuffix("|"), !text.hasSuffix("\\|") { text.removeLast() }
        var cells = [""]
        var isEscaped = false
        for character in text {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                if character == "|" { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        return cells.map(\.trimmingSpace)
    }
}
