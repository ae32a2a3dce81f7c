"""The words in which a case can be spoken of: those that claim nothing, and those whose claims a judge tests.

Left out is every word that would claim something no judge tests: to share, to accept, to carry, a wait that is over.
"""

from __future__ import annotations

from backend_mentor.reading.scanner import words

GRAMMAR = words(
    """
    a an the this that these those it its itself they them their there here he she his her we our us i my me you your
    one ones both each every all any some no none not never only just even also too again back still yet already now
    once first second third last next other others another same such as at by for from in into of off on onto out over
    per since so to toward until up upon via with within without about above after against along among around because
    before behind below beneath beside besides between beyond during except inside instead like near outside rather
    through throughout under while where when whether which who whom whose what why how be is are was were been being
    am has have had having do does did done can cannot could may might must shall should will would and or but nor if
    then than else either neither yes more most less least much many few several very quite well however therefore
    thus though although unless otherwise together apart alone elsewhere nothing something anything everything
    little bit lot nobody somebody anyone everyone part half today later two three four five six seven eight nine ten
    let's n't s t d ll re ve e g i.e etc vs no-one
    """
)

THINGS = words(
    """
    database catalogue schema table column row value key primary foreign unique constraint index prefix entry page
    view type null integer text real boolean date time timestamp day month year week hour minute second
    midnight morning noon zone calendar format iso query statement select where join left right inner outer cross
    group order having limit offset union exists distinct case cell clause condition predicate comparison
    equality range bound literal parameter expression function argument subquery list set operator plan planner
    scan seek search lookup loop hash merge nested bitmap heap b-tree tree sort step node cost estimate statistic
    rewrite version original proposal trial counterexample equivalent result answer output question case example
    review reason cause problem matter point difference choice taste price trade-off tradeoff name alias word
    reader user person people client application code endpoint api server request response sql sqlite
    postgresql postgres mysql engine insert update delete write read use need change fix note fact detail rule
    place side end begin beginning start middle line size distinct median email address money amount id
    identifier duplicate copy pair match filter data record variant attempt alternative
    thing zero work claude mentor offline
    """
)

DOINGS = words(
    """
    ask want need read return show list hold contain keep find give get give take make mean say tell see look know
    name write compare compute evaluate call apply wrap hide prevent stop match filter check test try measure verify
    confirm refute join group sort order search scan use lead begin start end come go stand lie belong refer reference
    point depend count sum cost pay remain stay leave work serve consider decide choose prefer include exclude
    omit skip repeat allow require expect return differ equal qualify estimate total result become fall rise
    declare define index update insert delete save multiply
    fell took found went kept held read sent told said saw seen knew known gave given shown made written wrote chosen
    taken began begun done lost left built came became meant led met paid ran stood rose shown thought
    """
)

QUALITIES = words(
    """
    able available bare big small large short long high low clear plain simple single double whole full entire
    complete complete empty missing present absent new old existing current early late slow fast quick cheap
    expensive exact exactly half-open inclusive exclusive composite compound covering partial equal different
    possible typical usual general own real true false right wrong correct good better best bad worse worst fine
    enough far near sure likely rare seldom often sometimes always hardly nullable indexed unindexed unused bare
    byte sequential separate additional extra selective sargable deterministic independent necessary common
    directly indirectly greater smaller least personal
    completely entirely wholly fully largely merely mostly mainly simply perhaps probably
    """
)

KNOWN = GRAMMAR | THINGS | DOINGS | QUALITIES

IMPERATIVES = words(
    """
    add ask avoid bind build call check choose compare consider create decide do don't drop ensure escape expect find
    first fetch finally follow get give group handle hash hold if index instead join keep leave let limit list log look
    make mark measure mind move name never next normalise normalize note order page parse pass pick please point
    prefer prove put quote read remember remove rename replace reject return review rewrite run say see select send
    set show sort split start state step stop store take talk tell test then think treat try turn use validate verify
    wait watch work wrap write
    """
)
