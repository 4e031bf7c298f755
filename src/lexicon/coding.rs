//! What a phrase says of the code, number or day that follows it.

words! {
    /// Words before codes, units, numbers that are no codes, and days of service.
    Coding {
        /// A CPT code follows.
        Cpt = "cpt",
        /// A HCPCS code follows.
        Hcpcs = "hcpcs",
        /// An ICD-10-CM code follows.
        Icd10 = "icd10",
        /// A code follows, its system not said.
        Code = "code",
        /// Modifiers follow.
        Modifier = "modifier",
        /// A number of units follows, or came before.
        Units = "units",
        /// A number follows that is no code: of a record, an account, a product, a place.
        Identifier = "identifier",
        /// The day of service follows.
        ServiceDate = "service_date",
        /// The day of the procedure follows: that of the service, unless the note gives one.
        ProcedureDate = "procedure_date",
    }
}
