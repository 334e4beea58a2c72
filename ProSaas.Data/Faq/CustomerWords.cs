using System.Collections.Frozen;

namespace ProSaas.Data.Faq;

/// <summary>
/// What is known of the words that customers of any business use, in Hebrew and English: those that say nothing of what a question is about,
/// and those that mean the same.
/// </summary>
internal static class CustomerWords
{
    /// <summary>Of the words that are looked for; the others, which are many, hide more that is meant.</summary>
    private const int MinSlipLength = 5;

    private const int MinFillerSlipLength = 6;

    /// <summary>Not looked for.</summary>
    private const string Fillers = """
        a an the this that these those it its i im ive id ill me my mine we were our us you your yours youre u ur he she they them their theyre his her
        there theres here is are am was be been being isnt arent do does did doing done dont doesnt have has had having havent can cant could may might will would shall should must
        to of in on at for from by with without about into over up down out off and or but if so as than then too also not no yes ok okay
        please pls plz thanks thank hi hello hey dear sir madam good morning evening afternoon just only really very quite
        any some something anything someone anyone somebody anybody everyone everything all each other another what whats which who whos whom whose why how hows many much more most less
        need needs needed want wants like get gets getting got give take takes taking accept accepts offer offers offered provide provides make makes let lets go goes going come comes coming
        see know tell say ask asking wondering wonder looking look find help possible available allowed allow allows able mean explain
        still now today tonight tomorrow currently soon already ever again sure question questions info information detail details interested regarding while during
        enough minimum maximum product products item items bought kind kinds type types sort else both few several every per around usually normally generally always never yet next last number back
        s t re ll ve d m one two three four five six ten thing things way people person friend friends family husband wife son daughter sister brother mother father mom dad mum guys
        work works working use using place business shop store company office clinic restaurant salon studio hotel firm
        של שלי שלך שלכם שלכן שלנו שלהם את אתה אתם אתן אני אנחנו הוא היא הם הן זה זו זאת אלה אלו הזה הזאת יש ישנם ישנה אין לי לך לכם לכן לנו לו לה להם
        אצלי אצלך אצלכם אצלכן אצלנו אליכם אליך איתכם איתי איתך בכם מכם מה מהו מהי מהם מהן מי איזה איזו אילו איך כיצד למה מדוע האם אם גם רק עוד או אבל כי על עם בלי ללא אל מן עד תוך כמה
        כל הכל משהו מישהו אפשר אפשרי אפשרות ניתן צריך צריכה צריכים צריכות חייב חייבת חייבים מותר רוצה רוצים רוצות רציתי אשמח לדעת לברר לבדוק לשאול שאלה בקשר לגבי בנוגע אודות
        מחפש מחפשת מחפשים מעוניין מעוניינת יכול יכולה יכולים נוכל אוכל תוכלו תוכל בבקשה תודה רבה שלום היי הי אהלן בוקר ערב טוב סליחה זמין זמינה זמינים זמינות מוצר מוצרים מספר בדרך כלל תמיד
        היום מחר עכשיו כרגע הערב פה כאן היה יהיה תהיה יהיו להיות בן בת בני בנות הבן הבת עושים עושה עושות לעשות נותנים מציעים לקבל מקבלים מקבל קיים קיימת קיימים לקיים
        עובדים עובד עובדת לבוא באים באה להגיע מגיעים מקום המקום במקום חנות עסק משרד מרפאה מסעדה מספרה סטודיו מלון חברה ממש מאוד קצת הכי יותר פחות כבר עדיין בערך לפני אחרי
        ביום יום בשביל עבור אשתי בעלי אמא אבא חבר חברים לאיזה באיזו באיזה באילו לאן אנשים איש
        """;

    /// <summary>Looked for, but they say little: what is done with many things, and how and when many things are.</summary>
    private const string LightWords = """
        begin begins start starts started starting finish finishes finished end ends ended last lasts stay stays staying leave leaves leaving arrive arrives arriving arrival
        send sends sent receive receives keep keeps pick drop stop stops stopped try trying tried happen happens happened include includes included including contain contains
        fit fits serve serves served hold show shows choose wait waiting hear move turn run runs put call calls calling called talk talking read visit visiting
        travel traveling travelling plan planning suffer suffers suffering hurt hurts hurting break breaks broke broken cracked dead died lost stuck join joining
        big bigger small smaller large larger new newer good better best bad great nice fast faster quick quickly early earlier earliest late later latest long longer short full half whole
        extra special different same own simple easy hard cold hot warm fresh local regular standard normal basic perfect ready busy free suitable learn learning
        time times day days minute minutes home house town city summer winter spring autumn season holiday holidays
        january february march april june july august september october november december
        customer customers client clients guest guests problem problems issue issues option options policy service services advance
        להתחיל מסיים מסיימת מסיימים לסיים נגמר נגמרת מסתיים מסתיימת לוקח לוקחת לוקחים כולל כוללת כלול כלולה כלולים קורה קרה קרתה מתאים מתאימה מתאימים מתאימות
        נשבר נשברה נשברו שבור שבורה התקלקל התקלקלה מקולקל תקוע תקועה אבד איבדתי סובל סובלת כואב כואבת לשלוח לקחת להשאיר לחכות מחכה לנסות לראות לשמוע ללמוד לעבור להמשיך לחזור
        גדול גדולה גדולים קטן קטנה קטנים חדש חדשה חדשים ישן ישנה ישנים טובה טובים מוקדם מוקדמת מאוחר מאוחרת מהר מהיר מהירה קרוב קרובה רחוק רחוקה מיוחד מיוחדת שונה מלא מלאה חצי
        קר קרה חם חמה טרי טרייה רגיל רגילה רגילים מוכן מוכנה מוכנים מוכנות פנוי פנויה פנויים
        זמן שעה שעות דקה דקות קיץ חורף אביב סתיו חג חגים מראש ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
        לקוח לקוחות בית הביתה עיר בעיה בעיות סוג צורך הסדר שירות אמצע סוף חלק
        """;

    /// <summary>
    /// A meaning a line: its weight, the words that ask for it, and after the bar words that answer it though they do not ask for it.
    /// What many questions ask of many things (price, place, time) weighs less than the thing.
    /// </summary>
    private const string Meanings = """
        0.3 how much,price,prices,priced,pricing,cost,costs,fee,fees,charge,charges,expensive,rates,מחיר,מחירים,מחירון,עולה,עולים,עולות,תעלה,יעלה,יעלו,עלות,עלויות,לעלות|dollar,pound,euro,shekel,free,שח,שקל,חינם
        0.3 when,what time,מתי,באיזו שעה,באיזה שעה,איזו שעה,איזה שעה|time,hours,days,שעה,שעות,ימים,בשעה
        0.3 how long,כמה זמן|hour,minute,day,week,month,time,זמן,שעה,שעתיים,דקות,ימים,יומיים,שבוע,שבועיים,חודש,חודשיים
        0.3 where,address,location,located,directions,get to,get there,reach you,איפה,היכן,כתובת,מיקום,נמצא,נמצאת,נמצאים,ממוקם,ממוקמים,איך מגיעים,איך להגיע,איך באים|street,road,avenue,floor,רחוב,שדרות,קומה
        0.3 sunday,monday,tuesday,wednesday,thursday,friday,saturday,sundays,mondays,tuesdays,wednesdays,thursdays,fridays,saturdays,weekend,weekends,weekday,weekdays,שישי,שבת,חמישי,רביעי,שלישי,יום ראשון,ביום ראשון,יום שני,ביום שני,סופש|daily,ראשון,יום
        0.3 book,booking,bookings,reserve,reservation,reservations,schedule,order,orders,ordering,להזמין,הזמנה,הזמנות,מזמינים,מזמין,מזמינה,לקבוע,קובעים,לתאם,לשריין|תיאום,קביעת
        0.5 sell,sells,selling,buy,buying,purchase,מוכרים,מוכרת,למכור,מכירה,לקנות,קונים,לרכוש,רכישה
        0.3 bring,bringing,להביא,מביאים,מביא,מביאה
        0.3 treat,treats,treating,handle,handles,deal,specialize,specialise,מטפל,מטפלת,מטפלים,לטפל,עוסק,עוסקת,עוסקים
        1 appointment,appointments,תור,תורים|walk-in
        1 age,ages,aged,old,גיל,גילאים,גילאי
        1 register,registration,registering,enroll,enrol,enrollment,enrolment,sign up,signup,להירשם,הרשמה,נרשמים,רישום
        1 meeting,meetings,meet,פגישה,פגישות,להיפגש,ניפגש,נפגשים
        1 open,opens,opened,opening,opening hours,hours,close,closes,closed,closing,פתוח,פתוחה,פתוחים,פתיחה,פותחים,נפתח,נפתחת,נפתחים,סגור,סגורה,סגורים,סוגרים,נסגר,נסגרת,נסגרים,סגירה,שעות פתיחה,שעות הפתיחה,שעות פעילות,שעות הפעילות|פועל,פועלת,פועלים
        1 parking,park,parked,car park,parking lot,חניה,חנייה,חניון,חונים,לחנות
        1 pay,pays,paying,paid,payment,payments,לשלם,משלמים,משלם,תשלום
        1 installment,installments,instalment,instalments,תשלומים
        1 credit,credit card,credit cards,visa,mastercard,אשראי,כרטיס אשראי,כרטיסי אשראי,בכרטיס אשראי,באשראי
        1 cash,מזומן
        1 quote,quotes,estimate,estimates,quotation,הצעת מחיר,הצעות מחיר
        1 membership,memberships,subscription,subscriptions,מנוי,מנויים
        1 install,installs,installation,installing,התקנה,התקנות,להתקין,מתקינים
        1 clean,cleans,cleaning,ניקוי,ניקיון,לנקות,מנקים
        1 collect,collection,pickup,pick up,איסוף,לאסוף,אוספים
        1 toilet,toilets,bathroom,restroom,restrooms,שירותים
        1 smoke,smoking,עישון,לעשן,מעשנים
        1 event,events,party,parties,אירוע,אירועים,מסיבה,מסיבות
        1 breakfast,breakfasts,ארוחת בוקר
        1 lunch,lunches,ארוחת צהריים
        1 dinner,dinners,supper,ארוחת ערב
        1 food,meal,meals,אוכל,ארוחה,ארוחות
        1 size,sizes,מידה,מידות
        1 area,areas,region,regions,אזור,אזורים,איזור,איזורים
        1 bus,buses,train,trains,public transport,אוטובוס,אוטובוסים,רכבת,תחבורה ציבורית
        1 student,students,סטודנט,סטודנטית,סטודנטים
        1 hebrew,עברית
        1 english,אנגלית
        1 arabic,ערבית
        1 russian,רוסית
        1 french,צרפתית
        1 check in,checkin
        1 check out,checkout
        1 cancel,cancels,cancelling,canceling,cancellation,cancellations,לבטל,ביטול,ביטולים,מבטלים,מבטלת,מבטל
        1 reschedule,rescheduling,postpone,להזיז,לדחות|move,change
        1 deliver,delivery,deliveries,delivering,ship,shipping,משלוח,משלוחים,שולחים,לשלוח
        1 takeaway,take away,takeout,take out,טייקאווי,טייק אווי,איסוף עצמי
        1 kid,kids,child,childs,children,childrens,toddler,toddlers,ילד,ילדה,ילדים,ילדות,פעוט,פעוטות
        1 baby,babies,infant,תינוק,תינוקת,תינוקות
        1 dog,dogs,puppy,puppies,כלב,כלבה,כלבים,גור,גורים|pet,animal,חיות
        1 cat,cats,kitten,kittens,חתול,חתולה,חתולים|pet,animal,חיות
        1 pet,pets,animal,animals,חיות
        1 vegan,vegans,טבעוני,טבעונית,טבעוניות,טבעונים
        1 vegetarian,vegetarians,veggie,צמחוני,צמחונית,צמחונים
        1 gluten,celiac,coeliac,גלוטן,צליאק
        1 allergy,allergies,allergic,allergen,allergens,אלרגי,אלרגית,אלרגיה,אלרגיות,אלרגנים
        1 kosher,כשר,כשרה,כשרים,כשרות
        1 wifi,wi fi,internet,וויפי,וייפיי,אינטרנט
        1 wheelchair,wheelchairs,accessible,accessibility,disabled,נגיש,נגישה,נגישים,נגישות,נכה,נכים,כיסא גלגלים
        1 insurance,insurances,insurer,insurers,insured,ביטוח,ביטוחים,מבוטח,מבוטחת
        1 emergency,emergencies,urgent,urgently,חירום,דחוף,דחופה
        1 warranty,warranties,guarantee,guarantees,guaranteed,אחריות
        1 discount,discounts,coupon,coupons,הנחה,הנחות,מבצע,מבצעים,קופון
        1 refund,refunds,money back,return,returns,returning,החזר,החזרה,החזרות,להחזיר,מחזירים
        1 gift card,gift cards,giftcard,giftcards,gift voucher,gift vouchers,gift certificate,gift certificates,voucher,vouchers,כרטיס מתנה,כרטיסי מתנה,שובר מתנה,שוברי מתנה,גיפט קארד,שובר,שוברים
        1 repair,repairs,repaired,repairing,fix,fixes,fixed,fixing,mend,תיקון,תיקונים,לתקן,מתקנים,מתקן
        1 rent,rents,rental,rentals,renting,hire,hiring,להשכיר,משכירים,השכרה,לשכור,שכירת
        1 phone,telephone,contact,speak to,speak with,talk to,talk with,טלפון,להתקשר,ליצור קשר,לדבר עם
        1 email,e mail,mail,מייל,אימייל,דואל
        1 language,languages,speak,speaks,spoken,שפה,שפות,מדברים,מדבר,דוברים
        1 haircut,haircuts,hair cut,תספורת,תספורות,להסתפר,מסתפרים
        1 car,cars,vehicle,vehicles,רכב,רכבים,מכונית,מכוניות,אוטו
        1 massage,massages,עיסוי,עיסויים,מסאז
        1 apartment,apartments,flat,flats,דירה,דירות
        1 room,rooms,חדר,חדרים
        1 man,men,mens,male,gentlemen,גבר,גברים
        1 woman,women,womens,lady,ladies,אישה,אשה,נשים
        1 doctor,doctors,dr,רופא,רופאה,רופאים
        1 trial,ניסיון,נסיון,התנסות
        1 class,classes,lesson,lessons,שיעור,שיעורים
        1 beginner,beginners,מתחיל,מתחילה,מתחילים,מתחילות
        1 menu,menus,תפריט,תפריטים
        1 pool,pools,swimming,בריכה,בריכות
        1 wedding,weddings,bride,brides,bridal,כלה,כלות,חתונה,חתונות,מתחתן,מתחתנת,מתחתנים
        1 invoice,invoices,receipt,receipts,חשבונית,חשבוניות,קבלה
        1 document,documents,papers,paperwork,מסמך,מסמכים,ניירת
        1 job,jobs,vacancy,vacancies,career,careers,דרושים,משרה,משרות
        1 online,website,אתר,אונליין
        1 video,zoom,זום,וידאו
        """;

    private static readonly FrozenSet<string> FillerSet = FaqTerms.Words(Fillers).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> LightSet = FaqTerms.Words(LightWords).ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenDictionary<string, Meaning> MeaningOfWords = ReadMeanings();

    /// <summary>Whether a word, of letters as <see cref="FaqTerms.Words"/> leaves them, says nothing of what a question is about.</summary>
    public static bool IsFiller(string word) => WordForms.Bases(word).Any(FillerSet.Contains) || FillerSet.Any(filler => IsSlip(word, filler, MinFillerSlipLength));

    /// <summary>Whether a word says little of what a question is about.</summary>
    public static bool IsLight(string word) => WordForms.Bases(word).Any(LightSet.Contains);

    /// <summary>What a word, or two with a blank between, asks for; null when it means nothing but itself.</summary>
    public static Meaning? MeaningOf(string words)
    {
        foreach (var form in WordForms.Bases(words))
        {
            if (MeaningOfWords.TryGetValue(form, out var meaning))
            {
                return meaning;
            }

            if (FillerSet.Contains(form) || LightSet.Contains(form))
            {
                return null;
            }
        }

        // In Hebrew, whose words have few letters, a slip of one is often another word: לנקות, to clean, and לקנות, to buy.
        return WordForms.IsHebrew(words) ? null : MeaningOfWords.FirstOrDefault(known => IsSlip(words, known.Key, MinSlipLength)).Value;
    }

    /// <summary>Whether the word is the other one with a slip of the finger: two neighbours swapped or, in a long word, one letter more, fewer or another. The first letter is right.</summary>
    internal static bool IsSlip(string word, string meant, int minLength)
    {
        if (word[0] != meant[0] || word.Length < 3 || Math.Abs(word.Length - meant.Length) > 1)
        {
            return false;
        }

        var start = word.AsSpan().CommonPrefixLength(meant);
        var typed = word.AsSpan(start);
        var right = meant.AsSpan(start);
        while (!typed.IsEmpty && !right.IsEmpty && typed[^1] == right[^1])
        {
            typed = typed[..^1];
            right = right[..^1];
        }

        return typed.Length is 2 && right.Length is 2
            ? typed[0] == right[1] && typed[1] == right[0]
            : typed.Length <= 1 && right.Length <= 1 && Math.Min(word.Length, meant.Length) >= minLength;
    }

    private static FrozenDictionary<string, Meaning> ReadMeanings()
    {
        var meanings = new Dictionary<string, Meaning>(StringComparer.Ordinal);
        foreach (var line in Meanings.Split('\n', StringSplitOptions.TrimEntries))
        {
            var weight = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            var sides = line[weight.Length..].Split('|');
            var asking = Phrases(sides[0]);
            var query = string.Join(" | ", asking.Concat(sides.Skip(1).SelectMany(Phrases)).SelectMany(QueriesOf).Distinct(StringComparer.Ordinal));
            var meaning = new Meaning(query, double.Parse(weight, System.Globalization.CultureInfo.InvariantCulture));
            foreach (var phrase in asking)
            {
                meanings.TryAdd(phrase, meaning);
            }
        }

        return meanings.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<string> Phrases(string list) => [.. list.Split(',').Select(phrase => string.Join(' ', FaqTerms.Words(phrase)))];

    /// <summary>Of a Hebrew phrase the words alone count: what is left of a word without its prefixes stands between them.</summary>
    private static IEnumerable<string> QueriesOf(string phrase)
        => phrase.Contains(' ', StringComparison.Ordinal)
            ? [$"({string.Join(WordForms.IsHebrew(phrase) ? " & " : " <-> ", phrase.Split(' ').Select(word => $"'{word}':AB"))})"]
            : WordForms.QueryOf(phrase).Split(" | ");
}

/// <summary>What words that mean the same ask for.</summary>
/// <param name="Query">In the language of <c>to_tsquery</c>.</param>
/// <param name="Weight">1 for what a question is about, less for what many ask of many things.</param>
internal sealed record Meaning(string Query, double Weight);
