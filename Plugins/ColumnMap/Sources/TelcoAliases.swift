/// The words for one column, comma-separated.
struct Aliases {
    let strong: String
    let weak: String
    let modifiers: String

    func list(_ words: String) -> [String] {
        words.split(separator: ",").map { word in
            var word = word
            while let first = word.first, first.isWhitespace { word.removeFirst() }
            while let last = word.last, last.isWhitespace { word.removeLast() }
            return String(word)
        }.filter { !$0.isEmpty }
    }
}

/// What the columns of `telco-v1` are called elsewhere: English, German, French, Spanish, Italian, Portuguese, Dutch,
/// Polish, Swedish, Turkish, Russian, Chinese and Japanese.
let telcoAliases: [String: Aliases] = [
    "customerID": Aliases(
        strong: """
            customer id, cust id, client id, subscriber id, account id, user id, member id, customer number, cust no,
            customer no, customer code, customer key, customer ref, customer reference, account number, account no,
            subscriber number, client number, client code, customer identifier, customer uuid, customer guid, uuid, guid,
            msisdn, msno, kunden id, kundennummer, kunden nr, kundennr, kundenkennung, id client, numero client,
            code client, identifiant client, id cliente, numero cliente, numero de cliente, codigo cliente,
            codigo de cliente, codice cliente, id do cliente, codigo do cliente, klantnummer, klant id, id klienta,
            numer klienta, kundnummer, kund id, musteri id, musteri no, musteri numarasi, id клиента, номер клиента,
            客户编号, 客户id, 用户id, 顧客id, 顧客番号
            """,
        weak:
            "id, key, identifier, lookup id, customer, account, user, client, subscriber, kunde, cliente, klant, klient",
        modifiers: "unique, primary, number, code, external, internal"),
    "gender": Aliases(
        strong: """
            gender, sex, customer gender, gender code, geschlecht, sexe, genre, sexo, genero, sesso, genere, geslacht,
            plec, kon, cinsiyet, пол, 性别, 性別
            """,
        weak: "male, female, mf, salutation, anrede", modifiers: "code, identity, type"),
    "SeniorCitizen": Aliases(
        strong: """
            senior citizen, senior, is senior, senior flag, elderly, pensioner, retiree, retired, over 65, age 65 plus,
            65 plus, senior customer, seniorenstatus, rentner, senioren, personne agee, retraite, tercera edad, mayor,
            adulto mayor, jubilado, anziano, pensionato, idoso, aposentado, gepensioneerd, senior burger, emeryt,
            pensionar, yasli, emekli, пенсионер, пожилой, 老年人, 是否老年人, 高齢者
            """,
        weak: "sc, older adult", modifiers: "citizen, person, status, age"),
    "Partner": Aliases(
        strong: """
            partner, has partner, spouse, has spouse, married, is married, marital status, marital, partnered, ehepartner,
            lebenspartner, verheiratet, familienstand, conjoint, marie, situation matrimoniale, conyuge, pareja, casado,
            tiene pareja, estado civil, coniuge, sposato, stato civile, conjuge, parceiro, partnerschaft, gehuwd,
            burgerlijke staat, malzonek, partnerka, sambo, evli, partneri var, партнер, супруг, 配偶,
            是否有配偶, 配偶者
            """,
        weak: "relationship, couple, family status", modifiers: "status, has"),
    "Dependents": Aliases(
        strong: """
            dependents, dependants, has dependents, dependent, children, has children, kids, has kids, kinder,
            unterhaltsberechtigte, hat kinder, angehorige, personnes a charge, enfants, a des enfants, dependientes,
            hijos, tiene hijos, personas a cargo, a carico, persone a carico, figli, familiari a carico, dependentes,
            filhos, tem dependentes, kinderen, personen ten laste, dzieci, osoby na utrzymaniu, barn, cocuklar,
            bakmakla yukumlu, иждивенцы, дети, 家属, 是否有家属, 扶養家族
            """,
        weak: "family, household", modifiers: "has, status"),
    "tenure": Aliases(
        strong: """
            tenure, tenure months, months tenure, customer tenure, months as customer, months with company, months with us, time as customer, time with us,
            months on book, months subscribed, subscription months, months active, customer age months, account age,
            account age months, tenure in months, months in service, mths in service, length of service,
            service length, customer since months, subscription length, subscription length months, subscription duration,
            customer lifetime months, relationship length, relationship months, loyalty months, seniority months,
            time with company, account length, months stayed, stay months, stay length, vertragslaufzeit monate,
            kundendauer, monate als kunde, kunde seit monaten, laufzeit monate, betriebszugehorigkeit, anciennete,
            anciennete mois, duree abonnement, mois abonne, nombre de mois, antiguedad, antiguedad meses, meses cliente,
            meses como cliente, permanencia, anzianita, anzianita mesi, mesi cliente, mesi di abbonamento,
            tempo de contrato, meses de contrato, tempo como cliente, antiguidade, looptijd, maanden klant, klantduur,
            staz, staz miesiace, liczba miesiecy, kundtid, manader som kund, abonelik suresi, musteri suresi, срок,
            стаж, месяцев, 在网时长, 入网时长, 使用月数, 在籍月数, 契約月数, tenure days, tenure years, days tenure,
            years tenure, years as customer, days as customer
            """,
        weak: "months, monate, mois, meses, mesi, duration, laufzeit, lifetime, loyalty, seniority, age months",
        modifiers: "month, length, period, in, year, day, week, total, duration"),
    "PhoneService": Aliases(
        strong: """
            phone service, has phone, has phone service, telephone service, phone subscription, phone plan, voice service,
            home phone, landline, phone line, voice plan active, telefonservice, telefondienst, telefonanschluss,
            festnetz, telefon, service telephonique, telephone fixe, ligne fixe, servicio telefonico, telefonia,
            servicio de telefono, servizio telefonico, servico telefonico, telefonia fixa, telefoondienst,
            telefoonservice, usluga telefoniczna, telefontjanst, telefon hizmeti, телефонная связь, услуги телефонии,
            电话服务, 電話サービス
            """,
        weak: "phone, telephone, voice, telefono, telefone, telefoon",
        modifiers: "has, active, subscription, subscribed"),
    "MultipleLines": Aliases(
        strong: """
            multiple lines, multi line, multi lines, has multiple lines, additional lines, extra lines, second line,
            multiple phone lines, several lines, mehrere leitungen, mehrfachanschluss, mehrere anschlusse,
            lignes multiples, plusieurs lignes, multi lignes, lineas multiples, multiples lineas, varias lineas,
            linee multiple, piu linee, linhas multiplas, multiplas linhas, meerdere lijnen, wiele linii, flera linjer,
            coklu hat, birden fazla hat, несколько линий, 多条线路, 多线路, 複数回線
            """,
        weak: "lines, lineas, linhas, linee", modifiers: "has, phone"),
    "InternetService": Aliases(
        strong: """
            internet service, internet type, internet connection, internet connection type, internet provider type,
            internet plan, internet technology, internet access, broadband, broadband type, broadband service,
            connection type, internet package, internetdienst, internetanschluss, internetart, internetzugang,
            service internet, type internet, acces internet, connexion internet, servicio de internet,
            servicio internet, tipo de internet, tipo internet, servizio internet, tipo di internet, servico de internet,
            servico internet, internettyp, internetverbinding, usluga internetowa, typ internetu, internettjanst,
            internet hizmeti, интернет, тип интернета, 互联网服务, 网络服务, インターネットサービス
            """,
        weak: "internet, net service, net type, isp type, access technology", modifiers: "type, provider, kind"),
    "OnlineSecurity": Aliases(
        strong: """
            online security, internet security, has online security, security service, online security service,
            cyber security, web security, security addon, security pack, onlinesicherheit, online sicherheit,
            sicherheitspaket, securite en ligne, securite internet, seguridad en linea, seguridad online,
            sicurezza online, seguranca online, online beveiliging, bezpieczenstwo online, ochrona online,
            onlinesakerhet, cevrimici guvenlik, онлайн безопасность, 在线安全, 网络安全, オンラインセキュリティ
            """,
        weak: "security, antivirus, sicherheit, seguridad, sicurezza", modifiers: "has, addon, service, add, on"),
    "OnlineBackup": Aliases(
        strong: """
            online backup, cloud backup, has online backup, backup service, online backup service, data backup,
            backup addon, onlinesicherung, online sicherung, datensicherung, sauvegarde en ligne, sauvegarde,
            copia de seguridad, copia de seguridad en linea, respaldo en linea, respaldo online, backup online,
            copia online, online reservekopie, kopia zapasowa, kopia online, online sakerhetskopiering,
            cevrimici yedekleme, онлайн резервное копирование, 在线备份, オンラインバックアップ
            """,
        weak: "backup, cloud storage", modifiers: "has, addon, service, add, on"),
    "DeviceProtection": Aliases(
        strong: """
            device protection, device protection plan, has device protection, device insurance, equipment protection,
            handset protection, handset insurance, device protect, protection plan, device cover, gerateschutz,
            gerateversicherung, protection appareil, protection des appareils, assurance appareil,
            proteccion de dispositivo, proteccion dispositivo, proteccion de dispositivos, proteccion del equipo,
            protezione dispositivo, protezione dispositivi, protecao de dispositivo, protecao dispositivo,
            apparaatbescherming, ochrona urzadzenia, ochrona urzadzen, enhetsskydd, cihaz koruma, защита устройства,
            设备保护, デバイス保護
            """,
        weak: "protection, insurance", modifiers: "has, addon, service, plan, add, on"),
    "TechSupport": Aliases(
        strong: """
            tech support, technical support, premium tech support, has tech support, tech assistance, support plan,
            tech support plan, premium support, it support, technischer support, technische unterstutzung, techniksupport,
            support technique, assistance technique, soporte tecnico, asistencia tecnica, supporto tecnico,
            assistenza tecnica, suporte tecnico, technische ondersteuning, wsparcie techniczne, pomoc techniczna,
            teknisk support, teknik destek, техподдержка, техническая поддержка, 技术支持, テクニカルサポート
            """,
        weak: "support", modifiers: "has, addon, service, premium, subscription, add, on"),
    "StreamingTV": Aliases(
        strong: """
            streaming tv, tv streaming, has streaming tv, stream tv, internet tv, iptv, tv service, tv subscription,
            tv package, fernsehstreaming, streaming fernsehen, tv en streaming, television en streaming,
            television en continu, streaming television, tv por streaming, tv in streaming, transmision de tv,
            streaming de tv, telewizja strumieniowa, strumieniowanie tv, strommande tv, tv yayini, стриминг тв,
            потоковое тв, 流媒体电视, ストリーミングテレビ
            """,
        weak: "tv, television, fernsehen", modifiers: "has, addon, service, add, on"),
    "StreamingMovies": Aliases(
        strong: """
            streaming movies, movie streaming, has streaming movies, stream movies, streaming films, film streaming,
            video on demand, movies subscription, movie package, filmstreaming, streaming filme, films en streaming,
            streaming de films, peliculas en streaming, streaming peliculas, streaming de peliculas, film in streaming,
            streaming di film, streaming de filmes, filmes em streaming, streamen films, films streamen,
            strumieniowanie filmow, filmy strumieniowe, strommande film, film yayini, стриминг фильмов,
            потоковое кино, 流媒体电影, ストリーミング映画
            """,
        weak: "movies, films, vod", modifiers: "has, addon, service, add, on"),
    "Contract": Aliases(
        strong: """
            contract, contract type, contract term, contract length, contract duration, contract period, contract plan,
            agreement term, agreement length, agreement,
            agreement type, subscription term, commitment, commitment period, commitment term, billing term,
            term length, vertrag, vertragsart, vertragstyp, vertragslaufzeit, vertragsdauer, contrat, type de contrat,
            type contrat, duree contrat, duree du contrat, contrato, tipo de contrato, tipo contrato,
            duracion contrato, duracion del contrato, contratto, tipo di contratto, tipo contratto, durata contratto,
            contracttype, contractduur, contractvorm, umowa, typ umowy, rodzaj umowy, avtal, avtalstyp, avtalstid,
            sozlesme, sozlesme turu, sozlesme tipi, договор, тип договора, контракт, 合同, 合同类型, 合约类型, 契約,
            契約形態, 契約タイプ
            """,
        weak: """
            plan, plan type, subscription, subscription type, subscription plan, billing cycle, billing frequency,
            billing period, billing interval, payment frequency, term, plan term, plan interval, renewal term, tarif,
            abo, abonnement
            """,
        modifiers: "type, term, length, duration, kind, plan, current"),
    "PaperlessBilling": Aliases(
        strong: """
            paperless billing, paperless, paperless bill, paperless invoice, e bill, ebill, ebilling, e billing,
            electronic billing, electronic bill, electronic invoice, digital billing, online billing, email billing,
            e invoice, is paperless, papierlose rechnung, papierlos, online rechnung, erechnung,
            elektronische rechnung, facturation electronique, facture electronique, facturation sans papier,
            sans papier, factura electronica, facturacion electronica, facturacion sin papel, sin papel,
            fatturazione elettronica, fattura elettronica, fatturazione senza carta, fatura eletronica,
            fatura digital, faturamento eletronico, faturamento sem papel, papierloze facturering,
            digitale factuur, faktura elektroniczna, e faktura, pappersfri faktura, kagitsiz fatura, e fatura,
            безбумажный счет, электронный счет, 无纸化账单, 电子账单, ペーパーレス請求
            """,
        weak: "billing type, invoice type", modifiers: "has, enabled, customer, opt, in"),
    "PaymentMethod": Aliases(
        strong: """
            payment method, payment type, payment mode, pay method, method of payment, preferred payment method,
            preferred payment mode, payment option, payment channel, billing method, pay type, payment means,
            payment instrument, zahlungsmethode, zahlungsart, zahlungsweise, zahlweise, bezahlmethode,
            mode de paiement, moyen de paiement, methode de paiement, metodo de pago, forma de pago, medio de pago,
            tipo de pago, metodo di pagamento, modalita di pagamento, forma de pagamento, metodo de pagamento,
            meio de pagamento, betaalmethode, betaalwijze, betalingswijze, metoda platnosci, sposob platnosci,
            forma platnosci, betalningsmetod, betalsatt, odeme yontemi, odeme sekli, способ оплаты, метод оплаты,
            支付方式, 付款方式, 支払方法, 支払い方法
            """,
        weak: "payment, paid by, pays with, zahlung, paiement, pago, pagamento",
        modifiers: "preferred, type, name, default, primary"),
    "MonthlyCharges": Aliases(
        strong: """
            monthly charges, monthly charge, monthly fee, monthly bill, monthly cost, monthly amount, monthly payment,
            monthly price, monthly revenue, monthly spend, monthly rate, monthly billing amount, monthly subscription fee,
            mrr, monthly recurring revenue, monthly recurring charge, mrc, arpu, charge per month, cost per month,
            price per month, charges monthly, charges per month, monatliche gebuhren, monatliche kosten,
            monatliche gebuhr, monatsgebuhr, monatsbeitrag, monatskosten, monatlicher betrag, monatspreis,
            frais mensuels, charges mensuelles, montant mensuel, cout mensuel, facture mensuelle, abonnement mensuel,
            mensualite, cargos mensuales, cargo mensual, cuota mensual, costo mensual, coste mensual, pago mensual,
            tarifa mensual, factura mensual, importe mensual, spese mensili, canone mensile, costo mensile,
            addebiti mensili, importo mensile, cobranca mensal, cobrancas mensais, valor mensal, mensalidade,
            custo mensal, encargos mensais, fatura mensal, maandelijkse kosten, maandbedrag, maandlasten,
            maandelijks bedrag, oplata miesieczna, oplaty miesieczne, miesieczna oplata, kwota miesieczna,
            abonament miesieczny, manadskostnad, manadsavgift, aylik ucret, aylik odeme, aylik fatura,
            ежемесячный платеж, ежемесячная плата, абонентская плата, 月费, 月租费, 月消费, 月度费用, 月額料金, 月額
            """,
        weak: "monthly, charge, fee, price, bill, amount, rate, subscription fee, recurring charge, plan price",
        modifiers: "amount, usd, eur, gbp, inr, dollar, euro, cent, charge, current, bill, fee, value, local, currency"),
    "TotalCharges": Aliases(
        strong: """
            total charges, total charge, total spend, total spent, total amount, total bill, total billed, total billing, total paid,
            total cost, total revenue, lifetime charges, lifetime spend, lifetime revenue, lifetime billed,
            cumulative charges, cumulative spend, cumulative revenue, charges to date, total charged,
            total amount charged, total payments, total amount paid, revenue to date, billed to date, spend to date,
            charges total, amount total, accumulated charges, all time revenue, all time spend, gesamtkosten,
            gesamtbetrag, gesamtgebuhren, gesamtumsatz, summe gebuhren, kosten gesamt, frais totaux, total des frais,
            charges totales, montant total, cout total, total facture, cargos totales, cargo total, total cargos,
            costo total, gasto total, importe total, monto total, total facturado, spese totali, costo totale,
            importo totale, addebiti totali, totale addebiti, totale spese, cobranca total, valor total,
            total cobrado, gasto total acumulado, custo total, encargos totais, total gasto, totale kosten,
            totaalbedrag, totale lasten, totaal kosten, oplaty calkowite, calkowita oplata, oplata calkowita,
            suma oplat, laczna kwota, kwota calkowita, total kostnad, totalkostnad, totala avgifter, toplam ucret,
            toplam odeme, toplam tutar, общая сумма, сумма платежей, итого, всего оплачено, 总费用, 总消费,
            累计费用, 総額, 合計金額, 累計料金
            """,
        weak: "total, revenue, spend, lifetime value, ltv, clv, gesamt, totale",
        modifiers: "amount, usd, eur, gbp, inr, dollar, euro, cent, charge, date, to, value, local, currency, customer"),
    "Churn": Aliases(
        strong: """
            churn, churned, has churned, is churn, is churned, churn flag, churn label, churn value, churn status,
            churn indicator, churn yn, customer churn, churn target, churn actual, attrition, attrition flag,
            attrited, exited, has left, left company, customer left, cancelled, canceled, has cancelled, is cancelled,
            terminated, defected, unsubscribed, abgewandert, gekundigt, kundigung, abwanderung, hat gekundigt,
            resilie, resiliation, a resilie, desabonnement, attrition client, abandono, baja, cancelado, fuga,
            desercion, cliente perdido, abbandono, cessato, disdetta, ha disdetto, evasao, cancelou,
            cliente cancelou, rotatividade, opgezegd, vertrokken, opzegging, odejscie, rezygnacja, zrezygnowal,
            churnade, uppsagd, avhopp, kayip, ayrildi, terk, отток, ушел, 流失, 是否流失, 客户流失, 解約, 離脱, 解約フラグ
            """,
        weak: "status, customer status, account status, label, target, left, outcome, active, state, y, class",
        modifiers: "label, value, flag, status, target, actual, binary, yes, no, indicator, outcome"),
]
