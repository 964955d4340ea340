/// The values of a column with few spellings, and what else they are written as.
public struct ValueDictionary: Sendable, Hashable {
    /// The spellings that the schema has, in a fixed order.
    public let values: [String]
    /// Folded foreign spelling to the schema's.
    public let spellings: [String: String]
    /// Values that no other column has.
    public let telling: Set<String>

    init(_ groups: [(String, String)], telling: Set<String> = []) {
        values = groups.map(\.0)
        self.telling = telling
        var table: [String: String] = [:]
        for (value, others) in groups {
            table[Self.key(value)] = value
            for other in others.split(separator: ",") { table[Self.key(String(other))] = value }
        }
        spellings = table
    }

    /// What the dictionary says about a cell, or nil when it does not know it.
    public func value(of text: String) -> String? { spellings[Self.key(text)] }

    /// A cell without case, accents and punctuation; `-1`, `1.0` and `1` stay apart but for `1.0`.
    static func key(_ text: String) -> String {
        let compact = LabelText.compact(text)
        if compact == "10" || compact == "00", text.contains(".") || text.contains(",") {
            return String(compact.prefix(1))
        }
        if text.contains("-"), compact.allSatisfy(\.isNumber) { return "-" + compact }
        return compact
    }

    private static let yes =
        "y,yes,true,t,1,1.0,on,ja,j,oui,o,vrai,si,s,sim,verdadeiro,verdadero,vero,waar,tak,prawda,evet,e,var,да,"
        + "истина,"
        + "是,有,はい"
    private static let no =
        "n,no,false,f,0,0.0,off,nein,non,faux,nao,falso,falsch,nee,onwaar,nie,falsz,nej,hayir,h,yok,нет,ложь,否,"
        + "无,いいえ"
    private static let enabled = ",active,enabled,subscribed,checked"
    private static let disabled = ",inactive,disabled,unsubscribed,unchecked"

    static let yesNo = ValueDictionary([
        ("Yes", yes + enabled + ",married,verheiratet,casado,casada,marie"),
        ("No", no + disabled + ",single,none,ledig"),
    ])
    static let seniority = ValueDictionary([("1", yes + ",senior"), ("0", no + ",not senior,adult")])
    static let churn = ValueDictionary([
        (
            "Yes",
            yes
                + ",churned,churn,left,exited,cancelled,canceled,lost,attrited,attrited customer,gone,inactive,"
                + "terminated,gekundigt,resilie,baja"
        ),
        (
            "No",
            no
                + ",stayed,active,retained,joined,not churned,no churn,current,existing,existing customer,loyal,"
                + "aktiv,actif,activo"
        ),
    ])
    static let phoneOption = ValueDictionary(
        [
            ("Yes", yes + enabled + ",multiple"), ("No", no + disabled + ",single"),
            (
                "No phone service",
                "no phone,nophoneservice,n/a no phone"
            ),
        ],
        telling: ["No phone service"])
    static let internetOption = ValueDictionary(
        [
            ("Yes", yes + enabled), ("No", no + disabled),
            (
                "No internet service",
                "no internet,nointernetservice,"
                    + "no_internet"
            ),
        ],
        telling: ["No internet service"])
    static let gender = ValueDictionary(
        [
            (
                "Female",
                "f,female,woman,w,weiblich,frau,femme,feminin,femenino,mujer,femmina,donna,feminino,"
                    + "mulher,vrouw,kobieta,k,kvinna,kadin,женский,ж,女,女性"
            ),
            (
                "Male",
                "m,male,man,mannlich,maennlich,mann,homme,masculin,masculino,hombre,maschio,uomo,homem,"
                    + "mezczyzna,erkek,мужской,м,男,男性"
            ),
        ], telling: ["Female", "Male"])
    static let internet = ValueDictionary(
        [
            ("DSL", "dsl,adsl,vdsl,digital subscriber line"),
            (
                "Fiber optic",
                "fiber,fibre,fiber optics,fibre optic,fibre optique,fibra,fibra optica,fibra ottica,"
                    + "glasfaser,glasvezel,ftth,fttp,swiatlowod,fiber optik,оптоволокно,光纤,光ファイバー"
            ),
            (
                "No",
                "no,none,no internet,no internet service,0,false,n,nein,non,nao,nie,нет,无,なし,kein internet,"
                    + "no service"
            ),
        ], telling: ["DSL", "Fiber optic"])
    static let contract = ValueDictionary(
        [
            (
                "Month-to-month",
                "monthly,month,m2m,mtm,1 month,month by month,no contract,rolling,30 days,"
                    + "monatlich,mensuel,mensual,mensile,mensal,maandelijks,miesieczna,miesieczny,aylik,помесячно,"
                    + "按月,月付,月契約,mes a mes,mois par mois"
            ),
            (
                "One year",
                "1 year,1yr,1 yr,annual,yearly,annually,12 months,12 month,12m,one-year,1-year,1y,12,"
                    + "ein jahr,1 jahr,jahrlich,annuel,un an,1 an,anual,un ano,1 ano,annuale,un anno,jaarlijks,"
                    + "een jaar,roczna,rok,yillik,1 yil,один год,一年,1年"
            ),
            (
                "Two year",
                "two years,2 year,2 years,2yr,2 yr,2y,24 months,24 month,24m,24,biennial,"
                    + "biannual contract,two-year,2-year,zwei jahre,2 jahre,deux ans,2 ans,dos anos,2 anos,due anni,"
                    + "2 anni,dois anos,twee jaar,dwa lata,2 lata,iki yil,2 yil,два года,两年,2年"
            ),
        ], telling: ["Month-to-month", "One year", "Two year"])
    static let payment = ValueDictionary(
        [
            ("Electronic check", "e-check,echeck,electronic cheque,electronic,e-cheque"),
            ("Mailed check", "check,cheque,mailed cheque,paper check,mail check,mail,scheck,cheque postal"),
            (
                "Bank transfer (automatic)",
                "bank transfer,ach,ach transfer,direct debit,sepa,sepa direct debit,"
                    + "bank,wire,wire transfer,bank draft,bank withdrawal,auto bank transfer,lastschrift,"
                    + "uberweisung,bankeinzug,virement,prelevement,transferencia,transferencia bancaria,bonifico,"
                    + "debito automatico,debito direto,domiciliacion,automatische incasso,przelew,przelew bankowy,"
                    + "havale,银行转账,口座振替"
            ),
            (
                "Credit card (automatic)",
                "credit card,card,cc,credit,visa,mastercard,amex,auto credit card,"
                    + "kreditkarte,carte de credit,carte bancaire,carte,tarjeta,tarjeta de credito,carta di credito,"
                    + "cartao de credito,creditcard,karta kredytowa,kredi karti,кредитная карта,信用卡,クレジットカード"
            ),
        ], telling: ["Electronic check", "Mailed check", "Bank transfer (automatic)", "Credit card (automatic)"])
}
