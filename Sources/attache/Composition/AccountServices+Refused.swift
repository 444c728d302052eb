import Accounts
import JSON
import Logging
import Unified

extension AccountServices {
    /// Notes that a provider refused an account's credentials: a person has to connect it again.
    func markRefused(_ account: CallAccount, logger: Logger) async {
        do {
            _ = try await integratedAccounts.setStatus(
                account.id, environment: account.environmentID, to: .needsReauth
            )
        } catch {
            logger.error("The account's status was not stored", metadata: ["account": .string(account.id)])
        }
    }
}
