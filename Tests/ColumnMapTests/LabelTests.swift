import Testing

@testable import ColumnMap

/// Labels as billing systems write them, without any value; `-` for labels that no target has.
private let labels: [(String, String)] = [
    ("customerID", "CustID ClientNo acct_nbr AccountNumber sub_id ID_Cliente Customer_Ref CUSTOMERID"),
    (
        "tenure",
        """
        tenure_m MonthsWithUs months_on_book cust_tenure_mo length_of_relationship LOS_months
        mths_active time_as_customer
        """
    ),
    ("Contract", "Vertragslaufzeit ContractTerm contract_typ agreement_term TypeOfContract"),
    ("MonthlyCharges", "mnthly_chrgs MthlyFee MONTHLY_AMT bill_amount_monthly MRC monthlyfee_usd"),
    (
        "-",
        """
        avg_monthly_bill contract_status contract_value contract_start age_group age_band
        tech_supp_calls payment_amount last_payment payment_status churn_pred churn_prob_30d
        churn_likelihood p_churn churn_date churn_segment ChurnRisk days_since_churn
        months_since_last_purchase total_day_minutes total_tickets monthly_income
        annual_income phone_model internet_speed security_question partner_id partner_name
        support_rating tv_channels movies_watched backup_email device_type device_id
        paperless_discount contract_id tenure_bucket total_logins total_discount
        monthly_discount gender_ratio user_name customer_name account_manager account_balance
        customer_segment monthly_data_gb total_data_usage tenure_months_at_renewal
        dependents_count
        """
    ),
    (
        "TotalCharges",
        """
        ttl_chgs TotalAmt LifetimeBilled cum_charges ltd_revenue total_billed_amount
        TotalBilling
        """
    ),
    ("gender", "Sex cust_gender GenderCode"),
    ("SeniorCitizen", "isSenior senior_flag SrCitizen"),
    ("Partner", "HasSpouse partner_flag marital_sts"),
    ("Dependents", "has_deps dependants_yn KidsFlag"),
    ("PhoneService", "PhoneSvc tel_service has_phone_service voice_svc_ind"),
    ("MultipleLines", "MultiLine mult_lines has_multi_lines"),
    ("InternetService", "InetSvc BroadbandTech internet_svc"),
    ("OnlineSecurity", "OnlSec sec_online onlinesecurity_yn"),
    ("OnlineBackup", "OnlBkup backup_online"),
    ("DeviceProtection", "DevProt device_prot_plan dev_insurance"),
    ("TechSupport", "TechSupp technical_support_flag"),
    ("StreamingTV", "StrmTV tv_stream streams_tv"),
    ("StreamingMovies", "StrmMov stream_movies movie_stream_ind"),
    ("PaperlessBilling", "PaperlessBill e_bill_flag paperless_ind eBilling"),
    ("PaymentMethod", "PayMethod pay_mthd PymtType MethodOfPayment"),
    ("Churn", "ChurnFlag churn_yn HasChurned IsChurn attrition_ind Churned_Flag customer_left"),
]

@Suite("Labels")
struct LabelTests {
    private static let proposer = MappingProposer(schema: .telco)

    @Test("A label alone finds its target, or none", arguments: labels)
    func found(_ target: String, _ list: String) {
        for label in list.split(whereSeparator: \.isWhitespace) {
            var file = FileProfile(labels: [String(label)], sampleRows: 1)
            file.seal()
            let proposal = Self.proposer.propose(file)
            #expect(proposal.columns[0].target ?? "-" == target, "\(label)")
        }
    }
}
