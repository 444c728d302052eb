@_spi(Engine) import JSON
@_spi(Engine) import JSONata

/// The body of a provider's response: read once, when somebody first looks inside, and from then on worked on where it
/// lies.
///
/// One task at a time uses it, which is the reason that this is `Sendable`: a call hands it from step to step, and each
/// step has ended before the next begins, on whatever thread.
final class ResponseBody: @unchecked Sendable {
    /// What it is read from.
    enum Source {
        /// Bytes that promise to be of a format.
        case bytes(ResponseBytes, Format)
        /// What is known already.
        case document(JSONText)
        case text(String)
        case nothing
    }

    /// As a method's `api_response_format` says.
    enum Format {
        case json, text
        case xml(arrays: Set<String>)
    }

    private var source: Source
    private var read: (workspace: Workspace, body: Workspace.Document?)?
    /// The document's text, where it was read as it came.
    private var bytes: ResponseBytes?
    /// Who was charged for reading it.
    private weak var charged: EvaluationBudget?

    init(_ source: Source) { self.source = source }

    /// The body in the workspace in which expressions are evaluated on it, under the budget of the moment.
    ///
    /// - Throws: `tooExpensive` for a body that the call's budget has no room for.
    func page() throws(CatalogError) -> ResponsePage {
        let (workspace, body) = opened()
        let budget = MappingBudget.current
        workspace.budget = budget
        do {
            // A step that is run again under another budget finds the document read already.
            if let budget, charged !== budget { try budget.charge(memory: workspace.memory) }
            charged = budget
            try budget?.charge()
        } catch { throw CatalogError(error, at: "the provider's response") }
        if let body { return ResponsePage(workspace: workspace, body: body) }
        return ResponsePage(workspace: workspace, body: workspace.document(text.map { .string($0) } ?? .null))
    }

    /// Whether it is JSON, or XML that is read as JSON.
    var isDocument: Bool {
        switch source {
        case .document: true
        case .bytes: opened().body != nil
        case .text, .nothing: read?.body != nil
        }
    }

    /// The body where it is neither.
    var text: String? {
        if case .bytes = source { _ = opened() }
        if case .text(let text) = source { return text }
        return nil
    }

    /// The text of the document.
    var document: JSONText? {
        if case .bytes = source { _ = opened() }
        if case .document(let document) = source { return document }
        guard let bytes, read?.body != nil else { return nil }
        let document = JSONText(unchecked: bytes.array)
        source = .document(document)
        return document
    }

    /// The bytes of a document that was read as it came.
    var documentBytes: ResponseBytes? {
        if case .bytes = source { _ = opened() }
        return read?.body == nil ? nil : bytes
    }

    /// Lets the values go. Whoever looks inside again has the document read again.
    func forgetValues() {
        guard let documentBytes else { return }
        read = nil
        bytes = nil
        source = .bytes(documentBytes, .json)
    }

    private func opened() -> (workspace: Workspace, body: Workspace.Document?) {
        if let read { return read }
        let workspace = Workspace(budget: MappingBudget.current)
        charged = MappingBudget.current
        let body: Workspace.Document?
        switch source {
        case .document(let document): body = try? workspace.parse(document.bytes)
        case .text, .nothing: body = nil
        case .bytes(let bytes, let format): body = parsed(bytes, format, workspace)
        }
        read = (workspace, body)
        return (workspace, body)
    }

    private func parsed(
        _ bytes: ResponseBytes, _ format: Format, _ workspace: Workspace
    ) -> Workspace.Document? {
        switch format {
        case .text: break
        case .xml(let arrays):
            if let document = (try? XMLReader.read(bytes.array, arrays: arrays)).map({ JSONText($0) }) {
                source = .document(document)
                return try? workspace.parse(document.bytes)
            }
            fallthrough
        case .json:
            if let document = try? workspace.parse(padded: bytes.start, count: bytes.count, owner: bytes.owner) {
                self.bytes = bytes
                source = .nothing
                return document
            }
        }
        source = bytes.count == 0 ? .nothing : .text(String(decoding: bytes.buffer, as: UTF8.self))
        return nil
    }
}

/// Bytes of a response that lie still, with `padding` zero bytes behind them.
package struct ResponseBytes: @unchecked Sendable {
    /// Zero bytes that a reader of JSON needs behind the text.
    package static let padding = ValueReader.padding

    let start: UnsafePointer<UInt8>
    let count: Int
    /// Owns the memory. It is never written to again, which makes this `Sendable`.
    let owner: AnyObject

    /// - Parameters:
    ///   - start: `count` bytes and `padding` zeros that stay where they are, unchanged, as long as `owner` lives.
    package init(start: UnsafePointer<UInt8>, count: Int, owner: AnyObject) {
        self.start = start
        self.count = count
        self.owner = owner
    }

    init(_ bytes: [UInt8]) {
        let copy = Copy(bytes)
        self.init(start: copy.start, count: bytes.count, owner: copy)
    }

    var buffer: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
    var array: [UInt8] { Array(buffer) }

    private final class Copy {
        let start: UnsafeMutablePointer<UInt8>

        init(_ bytes: [UInt8]) {
            start = .allocate(capacity: bytes.count + ResponseBytes.padding)
            bytes.withUnsafeBufferPointer { if let base = $0.baseAddress { start.update(from: base, count: $0.count) } }
            (start + bytes.count).update(repeating: 0, count: ResponseBytes.padding)
        }

        deinit { start.deallocate() }
    }
}
