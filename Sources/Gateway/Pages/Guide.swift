/// A guide of the documentation: a Markdown file of `docs/`, which the program carries.
struct Guide: Sendable {
    /// The path below `/docs`: `quick-start`, `design/limits`.
    let name: String
    let title: String
    private let text: String

    init(path: String, text: String) {
        name = String(path.dropLast(".md".count))
        self.text = text
        title = text.split(separator: "\n").first.map { String($0.drop { $0 == "#" || $0 == " " }) } ?? path
    }

    /// All but the two that have a page of their own: the index, and the errors.
    static let all: [Guide] = EmbeddedGuides.all.map { Guide(path: $0.path, text: $0.text) }
        .filter { $0.name != "README" && $0.name != "errors" }

    /// Those for people who use the gateway; the others are for those who work on it.
    static var listed: [Guide] { all.filter { !$0.name.contains("/") } }

    private static let names = Set(all.map(\.name) + ["errors"])

    func html() -> String {
        let folder = name.split(separator: "/").dropLast().map(String.init)
        let content = Markdown(text) { Self.address(of: $0, from: folder) }.html()
        return DocumentationPage.layout(title: title) { page in
            page.add("nav", [("aria-label", "Path")]) { page in
                page.add("a", [("href", "/")], "Attaché")
                page.add(text: " · ")
                page.add("a", [("href", "/docs")], "Documentation")
            }
            page.add("main", [("id", "content")]) { $0.add(markup: content) }
        }
    }

    /// Where a link of a guide leads on the gateway; nil for files that it does not serve.
    static func address(of link: String, from folder: [String]) -> String? {
        if link.hasPrefix("#") || link.hasPrefix("https://") || link.hasPrefix("http://") { return link }
        let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        var path = folder
        for part in parts[0].split(separator: "/") {
            switch part {
            case ".": break
            case "..": if path.popLast() == nil { return nil }
            default: path.append(String(part))
            }
        }
        guard let file = path.last, file.hasSuffix(".md") else { return nil }
        let name = path.joined(separator: "/").dropLast(".md".count)
        let anchor = parts.count > 1 ? "#\(parts[1])" : ""
        if name == "README" { return "/docs\(anchor)" }
        return names.contains(String(name)) ? "/docs/\(name)\(anchor)" : nil
    }
}
