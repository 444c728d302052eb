@_spi(Engine) import JSON
@_spi(Engine) package import JSONata

/// A provider's response while it is mapped: expressions work on its body where it lies, and what is only passed on is
/// copied as text.
package struct ResponsePage {
    package let workspace: Workspace
    /// The body: JSON, or text as one string; null where it is empty.
    package let body: Workspace.Document

    /// What `expression` gives on `input`.
    ///
    /// - Parameter variables: by name, without the `$`.
    func evaluate(
        _ expression: MappingExpression, on input: Workspace.Document, variables: MappingInput? = nil
    ) throws(CatalogError) -> Workspace.Document {
        guard let variables else { return try expression.evaluate(input, in: workspace) }
        return try expression.evaluate(
            input, in: workspace, bindings: variables.seen(by: expression.origin).elements.map { ($0.key, workspace.document($0.value)) }
        )
    }

    /// What `expression` gives on `input` as a value; nil for undefined.
    func value(
        _ expression: MappingExpression, of input: Workspace.Document, variables: MappingInput? = nil
    ) throws(CatalogError) -> JSONValue? {
        try expression.value(try evaluate(expression, on: input, variables: variables), in: workspace)
    }

    /// The scope of an expression: `members` with `response` beside them.
    func input(_ members: [(String, Workspace.Document)], response: Workspace.Document?) -> Workspace.Document {
        workspace.object(response.map { members + [("response", $0)] } ?? members)
    }

    /// The names that `expression` sees, of which `bodies` are the response's body.
    func input(
        _ names: MappingInput, bodies: Set<String>, for expression: MappingExpression
    ) -> Workspace.Document {
        workspace.object(
            names.seen(by: expression).elements.map {
                ($0.key, bodies.contains($0.key) ? body : workspace.document($0.value))
            })
    }

    var null: Workspace.Document { workspace.document(JSONValue.null) }

    /// A list's records: nothing is none, a single value is one.
    func items(_ data: Workspace.Document) -> [Workspace.Document] {
        data.isNull ? [] : workspace.items(data)
    }
}

/// Values of the page, as records hold them.
extension ResponsePage {
    var arena: Arena { workspace.arena }

    func string(_ text: String) -> Value { Value(copying: text, in: arena) }

    /// The value as plain JSON: foreign objects become their JSON, numbers that JSON cannot hold become null.
    func plain(_ value: Value) -> Value {
        switch value.tag {
        case .host: plain(workspace.resolved(value))
        case .number where !value.isText && !value.double.isFinite: .null
        default: value
        }
    }

    /// A text in the wire's form of moments where it is one.
    func moment(_ value: Value) -> Value {
        WireTimestamp.normalized(value.bytes).map(string) ?? value
    }

    /// A record to be passed on: an object as the provider wrote it, byte for byte; nil for null.
    func raw(_ item: Workspace.Document) -> Value? {
        if item.isUndefined || item.isNull { return nil }
        let value = item.value
        return value.isObject && value.hasSource ? value.with(Value.Flag.verbatim) : value
    }
}

/// The names of response mappings in a page's workspace: made once for each expression, which reads few of them and, where
/// an override wrote it, sees no secrets.
final class ScopeDocuments {
    private let input: MappingInput
    private let page: ResponsePage
    /// Whole inputs, whose last member is `response`.
    private var inputs: [(expression: MappingExpression, input: Workspace.Document)] = []

    init(_ input: MappingInput, _ page: ResponsePage) {
        self.input = input
        self.page = page
    }

    /// The scope of an expression that reads one record.
    func input(for expression: MappingExpression, response: Workspace.Document) -> Workspace.Document {
        if let known = inputs.first(where: { $0.expression === expression }) {
            return page.workspace.object(known.input, last: response)
        }
        let fresh = page.input(seen(by: expression), response: response)
        inputs.append((expression, fresh))
        return fresh
    }

    func seen(by expression: MappingExpression) -> [(String, Workspace.Document)] {
        input.seen(by: expression).elements.map { ($0.key, page.workspace.document($0.value)) }
    }
}
