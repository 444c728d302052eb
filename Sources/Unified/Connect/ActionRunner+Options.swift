import Catalog
import JSON

extension ActionRunner {
    /// Reads what a vendor lists for a credential's field: drives `OptionListMachine`.
    ///
    /// - Throws: `APIError`.
    func options(
        _ list: Credential.OptionList, of integration: Integration, for account: Account
    ) async throws -> OptionChoices {
        let secrets = SecretMask(SecretTexts.of(account.context, without: account.openContext))
        let sender = sender(secrets)
        let evaluation = CallEvaluation(
            environment: account.environment, account: account.id,
            isOverridden: !integration.overriddenExpressions.isEmpty, cost: nil,
            limits: limits.mapping(in: account.environment))
        do {
            var (machine, next) = try await evaluation.run {
                var machine = try OptionListMachine(
                    integration, list, context: account.context, openContext: account.openContext, secrets: secrets,
                    authenticationMethod: account.authenticationMethod)
                let next = try machine.start()
                return (machine, next)
            }
            while true {
                switch next {
                case .finished(let options): return options
                case .refused(let failure):
                    throw APIError(failure, response: nil, secrets: secrets)
                case .send(let request, let call):
                    let response = try await sender.send(request, call.method)
                    (machine, next) = try await evaluation.run { [machine] in
                        var machine = machine
                        let next = try machine.received(response)
                        return (machine, next)
                    }
                }
            }
        } catch {
            throw Self.apiError(error)
        }
    }
}
