/// Writes a page of Markdown, block by block.
struct MarkdownPage {
    /// The sentence by which a page says where it comes from.
    static let origin = "This page is made by `attache catalog docs` from the definitions."

    private var blocks: [String] = []
    private var isList = false

    init(_ title: String) { blocks = ["# \(title)"] }

    var text: String { blocks.joined(separator: "\n\n") + "\n" }

    mutating func heading(_ title: String, level: Int = 2) { add(String(repeating: "#", count: level) + " " + title) }

    mutating func paragraph(_ text: String) { add(Self.line(text)) }

    mutating func item(_ text: String) {
        let item = "- " + Self.line(text)
        if isList { blocks[blocks.count - 1] += "\n" + item } else { add(item) }
        isList = true
    }

    mutating func table(_ names: [String], _ rows: [[String]]) {
        guard !rows.isEmpty else { return }
        let lines = [names, names.map { _ in "---" }] + rows
        add(lines.map { "| " + $0.map(Self.cell).joined(separator: " | ") + " |" }.joined(separator: "\n"))
    }

    /// `a`, `b`; a dash for none.
    static func names(_ names: [String]) -> String { names.isEmpty ? "–" : names.map { "`\($0)`" }.joined(separator: ", ") }

    private mutating func add(_ block: String) {
        blocks.append(block)
        isList = false
    }

    private static func cell(_ text: String) -> String { line(text).replacing("|", with: "\\|") }

    /// Texts of definitions may hold line breaks and angle brackets, which Markdown reads otherwise.
    private static func line(_ text: String) -> String {
        var result = ""
        var isCode = false
        for character in text.split(whereSeparator: \.isNewline).joined(separator: " ") {
            if character == "`" { isCode.toggle() }
            result += character == "<" && !isCode ? "&lt;" : String(character)
        }
        return result
    }
}
