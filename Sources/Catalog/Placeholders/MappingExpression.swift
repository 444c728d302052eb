public import JSON
public import JSONata
import Synchronization

/// A JSONata expression of a definition, compiled at its first use.
///
/// A catalog holds hundreds of expressions and a process uses few of them: compiling them all would be most of a start.
public final class MappingExpression: Sendable {
    public let source: String
    /// Where it stands, for messages: `integrations/x/ats.yaml:12: resources.attachments.list.response_mapping`.
    public let place: String
    private let compiled = Mutex<Result<Expression, JSONataError>?>(nil)

    public init(_ source: String, place: String) {
        self.source = source
        self.place = place
    }

    /// Compiles the expression if that has not happened yet.
    ///
    /// - Throws: `CatalogError.Code.expressionFailed` naming the place and the position.
    public func expression() throws(CatalogError) -> Expression {
        let result = compiled.withLock { slot in
            if let slot { return slot }
            let fresh = Self.compile(source)
            slot = fresh
            return fresh
        }
        switch result {
        case .success(let expression): return expression
        case .failure(let error): throw fault(error)
        }
    }

    /// Evaluates against a scope whose members are the names the mapping may use.
    ///
    /// - Returns: nil where the result is undefined.
    public func evaluate(_ scope: JSONObject) throws(CatalogError) -> JSONValue? {
        let expression = try expression()
        do {
            return try expression.evaluate(.object(scope))
        } catch {
            throw fault(error)
        }
    }

    /// Evaluates against any document: `response_path` and `cursor_path` read the provider's answer itself.
    ///
    /// - Parameter variables: by name, without the `$`.
    public func evaluate(document: JSONValue, variables: JSONObject = [:]) throws(CatalogError) -> JSONValue? {
        let expression = try expression()
        do {
            let bindings = Dictionary(variables.elements.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
            return try expression.evaluate(document, bindings: bindings)
        } catch {
            throw fault(error)
        }
    }

    /// Evaluates against a document of a workspace: the way for whole pages, on which nothing is copied.
    func evaluate(
        _ input: Workspace.Document, in workspace: Workspace, bindings: [(String, Workspace.Document)] = []
    ) throws(CatalogError) -> Workspace.Document {
        let expression = try expression()
        do {
            return try workspace.evaluate(expression, input, bindings: bindings)
        } catch {
            throw fault(error)
        }
    }

    /// The value of a document that an evaluation gave; nil for undefined.
    func value(_ document: Workspace.Document, in workspace: Workspace) throws(CatalogError) -> JSONValue? {
        do { return try workspace.value(document) } catch { throw fault(error) }
    }

    private static func compile(_ source: String) -> Result<Expression, JSONataError> {
        do { return .success(try Expression(source, library: MappingLibrary.standard)) } catch { return .failure(error) }
    }

    private func fault(_ error: JSONataError) -> CatalogError {
        CatalogError(.expressionFailed, "\(place): \(error)")
    }
}

extension MappingExpression: Hashable {
    public static func == (a: MappingExpression, b: MappingExpression) -> Bool { a.source == b.source }
    public func hash(into hasher: inout Hasher) { hasher.combine(source) }
}
