import JSON
import JSONata
import MappingFunctions

/// Compiles every expression of a definition, wherever its shape has one.
struct ExpressionLint {
    let definition: Definition

    func check(_ shape: Shape, report: (DefinitionFault) -> Void) {
        visit(definition.value, shape, [], report)
    }

    private func visit(
        _ value: JSONValue, _ shape: Shape, _ path: [String], _ report: (DefinitionFault) -> Void
    ) {
        switch shape {
        case .expression:
            guard let source = value.string else { return }
            do {
                _ = try Expression(source, library: FunctionLibrary.mapping)
            } catch {
                report(fault(error, source, path))
            }
        case .list(let element):
            for (at, item) in (value.array ?? []).enumerated() { visit(item, element, path + [String(at)], report) }
        case .map(let element, _):
            for (key, item) in value.object ?? [:] { visit(item, element, path + [key], report) }
        case .object(let fields):
            for (key, item) in value.object ?? [:] {
                if let field = fields.first(where: { $0.names.contains(key) }) {
                    visit(item, field.shape, path + [key], report)
                }
            }
        case .either(let shapes):
            for shape in shapes {
                if case .expression = shape, value.string == nil { continue }
                visit(value, shape, path, report)
            }
        case .oneOrNamed(let inner, let key): visit(value, inner.chosen(for: value, key: key), path, report)
        case .oneOrList(let inner): visit(value, value.array == nil ? inner : .list(inner), path, report)
        case .nullable(let inner): visit(value, inner, path, report)
        default: break
        }
    }

    /// Positions count from the start of the expression; people look for lines, so both are told.
    private func fault(_ error: JSONataError, _ source: String, _ path: [String]) -> DefinitionFault {
        guard let position = error.position else { return definition.fault(path, "\(error.code): \(error.message)") }
        let before = source.utf16.prefix(position)
        let line = before.filter { $0 == 10 }.count + 1
        let column = before.reversed().prefix { $0 != 10 }.count + 1
        return definition.fault(
            path, "\(error.code): \(error.message) (line \(line), column \(column) of the expression)"
        )
    }
}
