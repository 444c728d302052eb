import Catalog

extension MethodPlan {
    /// Every expression of this method that has the caller's body in its scope.
    var bodyReaders: [MappingExpression] {
        var readers = mapping.steps.bodyReaders + mapping.target.bodyReaders
        for source in mapping.sources {
            readers += source.steps.bodyReaders + source.target.bodyReaders
            readers += [source.runIf].compactMap(\.self)
        }
        for step in mapping.before + mapping.after {
            readers += [step.runIf].compactMap(\.self)
            if case .expression(let expression) = step.config { readers.append(expression) }
        }
        readers += unifiedMethod.query.compactMap(\.requiredIf) + unifiedMethod.body.compactMap(\.requiredIf)
        return readers + [accountQueryMapping, accountResponseMapping].compactMap(\.self)
    }
}

extension CallMapping {
    fileprivate var bodyReaders: [MappingExpression] {
        [query, body, headers, path, response, responseHeaders, error].compactMap(\.self)
    }
}

extension Mapping.Target {
    fileprivate var bodyReaders: [MappingExpression] {
        [resource, method].compactMap { name in
            if case .computed(let expression, _) = name { expression } else { nil }
        }
    }
}
