import Accounts
import Catalog

extension CallAccount {
    /// Masks the account's secrets. Made anew each time, at a cost that only those pay who need it.
    var secretMask: SecretMask { SecretMask(stored?.secretTexts ?? []) }
}
