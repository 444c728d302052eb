/// Markdown as our guides use it, as HTML: headings with anchors, paragraphs, lists, tables, quotes and code.
///
/// Not for text of others: there is more to Markdown than this, and markup in it is shown, not used.
struct Markdown {
    private var lines: ArraySlice<Substring>
    private let inline: MarkdownInline
    private var page = HTML()

    /// - Parameter address: where a link leads; nil leaves its text alone.
    init(_ text: String, address: @escaping (String) -> String?) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        inline = MarkdownInline(address: address)
    }

    func html() -> String {
        var copy = self
        copy.writeBlocks()
        return copy.page.text
    }

    private mutating func writeBlocks() {
        while let line = lines.first {
            if line.allSatisfy(\.isWhitespace) {
                lines.removeFirst()
            } else if line.hasPrefix("```") {
                writeCode()
            } else if let level = Self.headingLevel(line) {
                lines.removeFirst()
                let text = String(line.drop { $0 == "#" }.drop { $0 == " " })
                page.add("h\(level)", [("id", Self.anchor(text))]) { $0.add(markup: inline.html(text)) }
            } else if line.hasPrefix("|") {
                writeTable()
            } else if line.hasPrefix(">") {
                let quoted = takeWhile { $0.hasPrefix(">") }.map { $0.dropFirst().drop { $0 == " " } }
                write(quoted.joined(separator: "\n"), in: "blockquote")
            } else if Self.item(line) != nil {
                writeList()
            } else {
                let text = takeWhile { !Self.endsParagraph($0) }
                page.add("p") { $0.add(markup: inline.html(text.joined(separator: "\n"))) }
            }
        }
    }

    private mutating func takeWhile(_ isPart: (Substring) -> Bool) -> [Substring] {
        // By its first line the block was recognized.
        var taken = [lines.removeFirst()]
        while let line = lines.first, isPart(line) { taken.append(lines.removeFirst()) }
        return taken
    }

    private mutating func write(_ text: String, in tag: String) {
        var inner = self
        inner.lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
        inner.page = HTML()
        inner.writeBlocks()
        page.add(tag) { $0.add(markup: inner.page.text) }
    }

    private mutating func writeCode() {
        lines.removeFirst()
        var code: [Substring] = []
        while let line = lines.popFirst(), !line.hasPrefix("```") { code.append(line) }
        page.add("pre", [("tabindex", "0")]) { page in
            page.add("code") { $0.add(markup: HTML.escaped(code.joined(separator: "\n"))) }
        }
    }

    private mutating func writeTable() {
        var rows = takeWhile { $0.hasPrefix("|") }.map(Self.cells)
        let hasHead = rows.count > 1 && rows[1].allSatisfy { $0.allSatisfy { "-: ".contains($0) } }
        let head = hasHead ? rows.removeFirst() : []
        if hasHead { rows.removeFirst() }
        page.add("table") { page in
            if head.contains(where: { !$0.isEmpty }) {
                page.add("tr") { page in
                    for cell in head { page.add("th") { $0.add(markup: inline.html(cell)) } }
                }
            }
            for row in rows {
                page.add("tr") { page in
                    for cell in row { page.add("td") { $0.add(markup: inline.html(cell)) } }
                }
            }
        }
    }

    private mutating func writeList() {
        let isNumbered = lines.first.flatMap(Self.item)?.isNumbered == true
        var items: [String] = []
        while let line = lines.first {
            if let item = Self.item(line), item.isNumbered == isNumbered {
                items.append(String(item.text))
            } else if line.hasPrefix("  "), !items.isEmpty {
                items[items.count - 1] += "\n" + line.drop { $0 == " " }
            } else if line.isEmpty, lines.dropFirst().first.map({ Self.item($0)?.isNumbered == isNumbered || $0.hasPrefix("  ") }) == true {
                if lines.dropFirst().first?.hasPrefix("  ") == true { items[items.count - 1] += "\n" }
            } else {
                break
            }
            lines.removeFirst()
        }
        let list = items
        var copy = self
        copy.page = HTML()
        for item in list {
            if item.contains("\n\n") || item.contains("\n```") || item.contains("\n- ") {
                copy.write(item, in: "li")
            } else {
                copy.page.add("li") { $0.add(markup: inline.html(item)) }
            }
        }
        page.add(isNumbered ? "ol" : "ul") { $0.add(markup: copy.page.text) }
    }

    // MARK: Lines

    private static func headingLevel(_ line: Substring) -> Int? {
        let level = line.prefix { $0 == "#" }.count
        return (1...6).contains(level) && line.dropFirst(level).first == " " ? level : nil
    }

    private static func item(_ line: Substring) -> (isNumbered: Bool, text: Substring)? {
        if line.hasPrefix("- ") || line.hasPrefix("* ") { return (false, line.dropFirst(2)) }
        let digits = line.prefix { $0.isASCII && $0.isNumber }
        guard !digits.isEmpty, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return (true, line.dropFirst(digits.count + 2))
    }

    private static func endsParagraph(_ line: Substring) -> Bool {
        line.allSatisfy(\.isWhitespace) || line.hasPrefix("```") || line.hasPrefix("|") || line.hasPrefix(">")
            || headingLevel(line) != nil || item(line) != nil
    }

    /// A row's cells; a bar in code or behind a backslash parts nothing.
    private static func cells(_ line: Substring) -> [String] {
        var cells: [String] = [""]
        var isCode = false
        var isEscaped = false
        for character in line.dropFirst() {
            if character == "`" { isCode.toggle() }
            if character == "|", !isCode, !isEscaped {
                cells.append("")
            } else {
                if isEscaped, character == "|" { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        if cells.last?.allSatisfy({ $0 == " " }) == true { cells.removeLast() }
        return cells.map { cell in
            String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// As the places make them that show our guides elsewhere: lower case, blanks as dashes, other signs dropped.
    static func anchor(_ heading: String) -> String {
        String(
            heading.lowercased().compactMap { character -> Character? in
                if character == " " { return "-" }
                return character.isLetter || character.isNumber || character == "-" || character == "_" ? character : nil
            })
    }
}
