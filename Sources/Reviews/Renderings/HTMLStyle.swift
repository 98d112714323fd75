/// The page's style sheet: calm text, A4 when printed.
///
/// Colour never speaks alone; every level and mark has its words.
enum HTMLStyle {
  /// The sheet for a month; the text before the page number needs it, and nothing else varies.
  static func sheet(_ month: Month) -> String {
    """
    :root{--paper:#fff;--desk:#f4f3ef;--ink:#1c2127;--soft:#545d68;--rule:#d9d7d0;--faint:#f0eeea;\
    --accent:#14505c;--critical:#8c1730;--high:#a8410b;--medium:#7a5c00;--low:#24598c;\
    --informational:#545d68;--good:#1f6b43;--attention:#8a5200;--bad:#9b1c2f;--neutral:#545d68;\
    --s1:#e3edee;--s2:#c3dadd;--s3:#93bec4;--s4:#3a7781;--s5:#174f59;--t3:#0d2b30;--t4:#fff;--t5:#fff;--gap:#fbe6e6;\
    --serif:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,"DejaVu Serif",serif;\
    --sans:"Inter","Segoe UI","Helvetica Neue",Roboto,"Noto Sans",Arial,"DejaVu Sans",sans-serif;\
    --mono:ui-monospace,"SF Mono","Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
    @media screen and (prefers-color-scheme:dark){:root{--paper:#171b20;--desk:#101317;--ink:#e4e6e8;\
    --soft:#a3abb5;--rule:#343b44;--faint:#20262d;--accent:#7fc3ce;--critical:#ff8fa3;--high:#ffab7a;\
    --medium:#e5c35c;--low:#8cc0f2;--informational:#a3abb5;--good:#7ed0a2;--attention:#eab566;\
    --bad:#ff95a3;--neutral:#a3abb5;--s1:#1d3136;--s2:#234950;--s3:#2e6972;--s4:#5aa2ad;--s5:#a3d8df;\
    --t3:#f2f5f6;--t4:#071417;--t5:#071417;--gap:#452026}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
    body{margin:0;background:var(--desk);color:var(--ink);font:15px/1.55 var(--sans);\
    font-variant-numeric:tabular-nums lining-nums;overflow-wrap:break-word}
    a{color:var(--accent);text-decoration-thickness:1px;text-underline-offset:2px}
    a:focus-visible,.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
    .page{max-width:1160px;margin:0 auto;background:var(--paper);padding:3.5rem 3.75rem 5rem}
    h1,h2,h3{font-family:var(--serif);font-weight:600;line-height:1.2;text-wrap:balance}
    h1{font-size:2.6rem;margin:.3rem 0 .4rem;letter-spacing:-.015em}
    h2{font-size:1.6rem;margin:4.2rem 0 1.1rem;padding-top:1rem;border-top:2px solid var(--ink);\
    display:flex;gap:.9rem;align-items:baseline}
    h2 .no{color:var(--soft);font-weight:400;min-width:1.6rem}
    h3{font-size:1.08rem;margin:2.2rem 0 .5rem}
    p{margin:.5rem 0;max-width:76ch}
    .kicker{margin:0;color:var(--accent);font-weight:600;font-size:.8rem;letter-spacing:.09em;\
    text-transform:uppercase}
    .period{margin:0;color:var(--soft);font-size:1.02rem}
    .verdict{margin:1.6rem 0;padding:1rem 1.25rem;background:var(--faint);border-left:5px solid \
    currentColor;max-width:none}
    .verdict b{display:block;font-family:var(--serif);font-size:1.3rem;line-height:1.3}
    .verdict span{color:var(--ink)}
    dl.meta{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.4rem;margin:1.2rem 0}
    dl.meta dt,dl.facts dt{color:var(--soft)}
    dl.meta dd,dl.facts dd{margin:0}
    .scroll{overflow-x:auto;margin:.9rem 0 .3rem;background:linear-gradient(90deg,var(--paper) 40%,\
    transparent) left/2.5rem 100% local,linear-gradient(270deg,var(--paper) 40%,transparent) \
    right/2.5rem 100% local,linear-gradient(90deg,var(--rule),transparent) left/.7rem 100% scroll,\
    linear-gradient(270deg,var(--rule),transparent) right/.7rem 100% scroll;\
    background-repeat:no-repeat}
    table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.4}
    caption{text-align:left;font-family:var(--serif);font-weight:600;font-size:1.08rem;\
    padding:0 0 .5rem;color:var(--ink)}
    .group{margin-top:2rem}.group+p,figure+p{margin-top:1.5rem}
    th{text-align:left;font-weight:600;color:var(--soft);font-size:.76rem;line-height:1.25;vertical-align:bottom;\
    border-bottom:1.5px solid var(--ink);padding:.35rem .8rem .35rem 0}
    td{vertical-align:top;border-bottom:1px solid var(--rule);padding:.42rem .8rem .42rem 0;\
    unicode-bidi:isolate;min-width:2.5rem}
    th:last-child,td:last-child{padding-right:0}
    tbody th{color:var(--ink);font-weight:600;border-bottom:1px solid var(--rule);vertical-align:top}
    .n{text-align:right;white-space:nowrap}th.n{white-space:normal}
    td.t{min-width:7rem}td.long{min-width:15rem}td.d{min-width:5.8rem}
    td.w,.w{overflow-wrap:anywhere;min-width:9rem}td code.s{white-space:nowrap}
    code,pre{font-family:var(--mono);font-size:.92em;unicode-bidi:isolate}
    td code{font-size:.94em}
    .hash{font-size:.82em;color:var(--soft);word-break:break-all}
    .none{color:var(--soft)}
    .zero td{color:var(--soft);font-style:italic;padding:.7rem 0}
    .whole{color:var(--soft);font-size:.78rem;margin:.35rem 0 0;max-width:none}
    .level,.mark{display:inline-block;white-space:nowrap;font-weight:600;font-size:.92em}
    .level::before,.mark::before{content:"";display:inline-block;width:.62em;height:.62em;\
    margin-right:.42em;border:1.5px solid currentColor;border-radius:50%}
    .level::before{border-radius:1px}
    .level.critical::before,.level.high::before,.mark.bad::before{background:currentColor}
    .level.critical::before{transform:rotate(45deg)}
    .mark.bad::before{border-radius:1px}
    .mark.attention::before{border-radius:1px;transform:rotate(45deg)}
    .mark.neutral{font-weight:400}.mark.neutral::before{display:none}
    .mark.long{white-space:normal}td .mark.long{min-width:13rem}td a{white-space:nowrap}
    td code.w{display:inline-block;max-width:22rem}
    .critical{color:var(--critical)}.high{color:var(--high)}.medium{color:var(--medium)}\
    .low{color:var(--low)}.informational{color:var(--informational)}
    .good{color:var(--good)}.attention{color:var(--attention)}.bad{color:var(--bad)}\
    .neutral{color:var(--neutral)}
    pre{margin:.5rem 0;padding:.75rem .9rem;background:var(--faint);white-space:pre-wrap;\
    overflow-wrap:anywhere;font-size:.8rem;line-height:1.5;border-radius:2px}
    .sign{margin:1.8rem 0 0}
    .sign table{table-layout:fixed}
    .sign td,.sign tbody th{height:3.1rem;vertical-align:bottom;padding-bottom:.35rem}
    .sign .decision{display:flex;flex-wrap:wrap;gap:.4rem 1.8rem;margin:.9rem 0 0;font-size:.88rem}
    .actions{display:none}
    .box{display:inline-block;width:.85em;height:.85em;border:1.4px solid var(--ink);\
    margin-right:.5em;vertical-align:-.06em}
    nav h2{font:600 .76rem/1.3 var(--sans);color:var(--soft);border:0;padding:0;margin:0 0 .5rem}
    nav{margin:2.6rem 0 0}
    nav ol{list-style:none;margin:0;padding:0;columns:3 13rem;column-gap:2rem;font-size:.86rem}
    nav li{display:flex;gap:.7rem;padding:.16rem 0;break-inside:avoid}
    nav li span{color:var(--soft);min-width:1.2rem}
    nav a{text-decoration:none}nav a:hover{text-decoration:underline}
    .figures{display:grid;grid-template-columns:repeat(4,1fr);margin:1.6rem 0;border-top:1px solid \
    var(--rule)}
    .figures div{padding:.8rem 1rem .9rem 0;border-bottom:1px solid var(--rule);display:flex;\
    flex-direction:column}
    .figures dt{order:2;font-size:.84rem;font-weight:600;line-height:1.3}
    .figures dd{margin:0}
    .figures .value{order:1;font:600 1.9rem/1.15 var(--serif)}
    .figures .note{order:3;font-size:.78rem;color:var(--soft)}
    .figures .before{order:4;font-size:.78rem;color:var(--soft)}
    .spark{vertical-align:middle}.spark polyline{fill:none;stroke:var(--soft);stroke-width:1.4}
    .heat{font-size:.66rem;line-height:1.15;border-collapse:separate;border-spacing:1px;\
    min-width:820px}
    .heat th{padding:.2rem .1rem;border:0;text-align:center;font-weight:400;font-size:.66rem}
    .heat tbody th{text-align:left;font:600 .78rem/1.2 var(--sans);padding-right:.6rem;\
    vertical-align:middle;max-width:9rem}
    .heat td{border:0;padding:.2rem 0;min-width:1.45rem;height:2.1rem;text-align:center;\
    vertical-align:middle;border-radius:1px;white-space:nowrap}
    .heat thead th{color:var(--ink);font-weight:600}.heat thead .we{color:var(--soft);font-weight:400}
    .heat .s1{background:var(--s1)}.heat .s2{background:var(--s2)}.heat .s3{background:var(--s3);\
    color:var(--t3)}.heat .s4{background:var(--s4);color:var(--t4)}.heat .s5{background:var(--s5);\
    color:var(--t5)}
    .heat .gap{background:var(--gap);color:var(--bad);font-weight:700;outline:1.5px solid var(--bad);\
    outline-offset:-1.5px}
    .heat .out{color:var(--soft)}
    .heat i{display:block;font-style:normal;font-weight:700;font-size:.94em;margin:.1rem .12rem 0;\
    background:var(--paper);color:var(--attention)}
    .key{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;font-size:.78rem;color:var(--soft);margin:.4rem 0}
    .key span{display:inline-flex;align-items:center;gap:.4rem}
    .key b{display:inline-block;min-width:1.3rem;height:1rem;text-align:center;font-size:.7rem;\
    line-height:1rem;font-weight:700}
    .k1{background:var(--s1)}.k3{background:var(--s3)}.k5{background:var(--s5)}
    .kgap{background:var(--gap);color:var(--bad);outline:1.5px solid var(--bad);outline-offset:-1.5px}
    figure{margin:1.2rem 0 0}
    figcaption{font-family:var(--serif);font-weight:600;font-size:1.08rem;margin-bottom:.5rem}
    svg{display:block;width:100%;height:auto;min-width:560px}
    svg text{font:11px var(--sans);fill:var(--soft)}
    svg .name{font-weight:600;fill:var(--ink);font-size:12px}
    svg .ok{fill:var(--s4)}svg .fail{fill:var(--high)}svg .axis{stroke:var(--ink);stroke-width:1}
    svg .grid{stroke:var(--rule);stroke-width:1}
    svg .peak{fill:var(--ink);text-anchor:middle}svg .mid{text-anchor:middle}svg .end{text-anchor:end}
    svg .row{fill:var(--ink);font-size:11.5px}svg .sign{fill:var(--paper);font-weight:700;text-anchor:middle;\
    font-size:12px}
    svg rect.good{fill:var(--s4)}svg rect.attention{fill:#c58a1c}svg rect.bad{fill:var(--bad)}\
    svg rect.neutral{fill:#9aa1a9}svg rect.attested,svg rect.light{fill:var(--s3)}\
    svg rect.critical{fill:var(--critical)}svg rect.high{fill:var(--high)}svg rect.medium{fill:#c58a1c}\
    svg rect.low{fill:var(--low)}svg rect.informational{fill:#9aa1a9}\
    svg rect.open{fill:var(--paper);stroke:var(--soft);stroke-dasharray:3 2}\
    svg .in{fill:var(--paper);text-anchor:middle;font-weight:600}svg .in.light{fill:var(--t3)}svg .in.open{fill:var(--ink)}\
    svg polyline{fill:none;stroke-width:2}svg .line{stroke:var(--s4)}svg .line.bad{stroke:var(--bad)}\
    svg .line.attention{stroke:#c58a1c}svg .dashed{stroke:var(--soft);stroke-width:1.3;stroke-dasharray:5 4}\
    .key b.fill{min-width:.9rem;height:.9rem}.fill.good{background:var(--s4)}.fill.light{background:var(--s3)}\
    .fill.attention,.fill.medium{background:#c58a1c}.fill.bad{background:var(--bad)}\
    .fill.neutral,.fill.informational{background:#9aa1a9}.fill.critical{background:var(--critical)}\
    .fill.high{background:var(--high)}.fill.low{background:var(--low)}\
    .fill.open{background:var(--paper);border:1px dashed var(--soft)}\
    .key b.stroke{min-width:1.6rem;height:0;border-top:2px solid var(--s4)}\
    .key b.stroke.dashed{border-top:2px dashed var(--soft)}
    .wide table{font-size:.78rem}.wide th{font-size:.72rem}.wide th,.wide td{padding-right:.6rem}\
    .wide td.long{min-width:10.5rem}.wide td.d{min-width:4.9rem}.wide td.t{min-width:5rem}.wide td .mark{white-space:normal}
    td.blank{min-width:4.2rem;border-bottom:1px solid var(--ink)}
    article{border-top:1px solid var(--rule);padding:1.15rem 0 1rem}
    article h3{margin:0 0 .3rem;font-size:1.08rem;display:flex;flex-wrap:wrap;gap:.2rem .8rem;\
    align-items:baseline}
    article h3 .ref{color:var(--soft);font-weight:400}
    article h3 .level{font:600 .84rem var(--sans)}
    article .message{font-size:1rem}
    dl.facts{display:grid;grid-template-columns:6rem 1fr;gap:.12rem 1rem;margin:.5rem 0;font-size:.86rem}
    .proof{margin:.8rem 0 0;font-size:.82rem}
    .proof p{max-width:none;margin:.7rem 0 0}
    footer{margin-top:4rem;padding-top:.8rem;border-top:1px solid var(--rule);color:var(--soft);\
    font-size:.8rem}
    @media screen and (max-width:760px){caption{max-width:calc(100vw - 2.4rem)}.page{padding:1.6rem 1.1rem 3rem}h1{font-size:1.95rem}h2{font-size:1.35rem;\
    margin-top:3rem}.figures{grid-template-columns:1fr 1fr}dl.meta{grid-template-columns:1fr;gap:0}\
    dl.meta dd{margin-bottom:.55rem}dl.facts{grid-template-columns:1fr;gap:0}dl.facts dd{\
    margin-bottom:.35rem}.sign table,.sign tbody,.sign tr,.sign td,.sign tbody th{display:block;\
    width:100%;height:auto}.sign thead{display:none}.sign td{padding:.45rem 0}.sign td::before{\
    content:attr(data-label);display:block;font-size:.74rem;color:var(--soft);padding-bottom:.7rem}\
    .sign caption{display:block}.sign tr+tr th{padding-top:1.2rem}.sign td.filled::before{padding-bottom:.1rem}}
    @media screen and (max-width:760px){table.fold,.fold tbody,.fold tr,.fold td,.fold caption{display:block;\
    width:auto}.fold thead{display:none}.fold tr{padding:.55rem 0 .6rem;border-bottom:1.5px solid var(--rule)}\
    .fold td,.fold td.n{display:grid;grid-template-columns:8.2rem minmax(0,1fr);gap:.7rem;border:0;padding:.1rem 0;\
    min-width:0;text-align:left;white-space:normal}.fold td.x{display:none}.fold td::before{content:attr(data-label);\
    color:var(--soft);font-size:.92em}.fold td:first-child{font-weight:600}.fold td .mark.long{min-width:0}\
    .fold td code.s,.fold td a,.fold td .mark{white-space:normal}.fold td code{overflow-wrap:anywhere;max-width:none}\
    .fold .zero td{display:block}.fold .zero td::before{display:none}.fold td.blank{align-items:end;min-height:1.7rem;\
    border-bottom:1px dotted var(--soft)}}
    @page{size:A4;margin:17mm 15mm 19mm;@bottom-left{content:"Monthly SOC review \(month.text)";\
    font:8pt sans-serif;color:#545d68}@bottom-right{content:counter(page) " / " counter(pages);\
    font:8pt sans-serif;color:#545d68}}
    ul{padding-left:1.2rem;max-width:none}ul.cols{columns:2 24rem;column-gap:2.5rem}li{break-inside:avoid}
    @media print{html{font-size:9.2pt}body{background:#fff;font-size:9.2pt;-webkit-print-color-adjust:exact;\
    print-color-adjust:exact}.page{padding:0;max-width:none}h1{font-size:25pt}h2{margin:9mm 0 3mm;\
    font-size:15pt;break-after:avoid}h3,caption,figcaption{break-after:avoid}h3,caption,figcaption{\
    font-size:10.5pt}.cover{break-after:page}.scroll{overflow:visible}table{font-size:7.4pt}th{\
    font-size:6.6pt;padding-right:2mm}td{padding:1.1mm 2mm 1.1mm 0}td.t,td.long,td{min-width:0}td.d{min-width:19mm}td.w,.w{min-width:20mm}\
    .group:not(.wide) td.t{min-width:21mm}.group:not(.wide) td.long{min-width:32mm}\
    .sign table,.sign tbody th,.actions table{font-size:9pt}.actions{display:block;margin-top:9mm}\
    .actions td{height:10mm}.actions .narrow{width:30mm}.proof .from{break-after:avoid}.sign td,.sign tbody th{height:13mm}thead{display:table-header-group;break-after:avoid}\
    tbody tr:nth-child(-n+2),.whole,ul{break-before:avoid}.scroll{background:none}\
    tr,figure,article .head,pre,.verdict,.figures div,.sign{break-inside:avoid}p{orphans:3;widows:3}\
    a{color:inherit;text-decoration:none}.heat{min-width:0;font-size:4.9pt;table-layout:fixed}\
    .heat th{font-size:5pt;padding:.2mm 0}.heat thead th:first-child{width:21mm}.heat tbody th{\
    font-size:6.6pt;padding-right:1mm}.heat td{height:6mm;padding:0}\
    svg{min-width:0}svg .sign{fill:#fff}td.blank{min-width:13mm;border-bottom:.6pt solid #1c2127}.whole,.key{font-size:6.8pt}pre{font-size:6.9pt}.hash{font-size:6pt}\
    nav ol{columns:3}.mark,.level{white-space:normal}dl.facts{font-size:8.4pt}}
    """
  }
}
