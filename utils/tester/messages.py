"""Every sentence of the checker's own, in both languages.

Names in backquotes are code: a notebook sets them in its code font, a terminal shows them as they
are. Braces are filled in with ``str.format``.
"""

from __future__ import annotations

from utils.tester.text import Text

MESSAGES: dict[str, Text] = {
    # How a verdict begins
    "passed": Text("Passed", "正解です"),
    "failed": Text("Not right yet", "まだ正しくありません"),
    "not_attempted": Text("Not attempted", "未着手です"),
    "error": Text("Stopped by an error", "エラーで止まりました"),
    "timeout": Text("Out of time", "時間切れです"),
    "unavailable": Text("Cannot be judged here", "この環境では判定できません"),
    "lacking": Text(
        "This exercise takes {packages}, which is not installed here. It says nothing about your "
        "code. Install it in a terminal (a notebook's kernel has to be restarted then):",
        "この演習には {packages} が必要ですが、この環境に入っていません。"
        "あなたのコードの良し悪しとは関係ありません。"
        "ターミナルで次のとおり入れてください（ノートブックでは、そのあとカーネルを再起動します）。",
    ),
    "lacking_for_demo": Text(
        "This takes {packages}, which is not installed here; the rest of the notebook does without "
        "it. To install it: {command}",
        "ここでは {packages} を使いますが、この環境に入っていません。"
        "ほかの部分はなくても動きます。"
        "入れるには：{command}",
    ),
    "score": Text("{passed} of {total} cases right", "{total}ケース中{passed}ケース正解"),
    "heading": Text("{title}: {headline}", "{title}：{headline}"),
    "heading_score": Text("{title}: {headline} ({score})", "{title}：{headline}（{score}）"),
    "labelled": Text("{label}: {text}", "{label}：{text}"),
    "all_right": Text("All {total} cases are right.", "{total}ケースすべて正解です。"),
    "mark_passed": Text("right", "正解"),
    "mark_failed": Text("not right", "不正解"),
    "mark_not_run": Text("not run", "未実行"),
    # Gaps
    "no_gap_filled": Text(
        "Nothing was run: every gap is still as it came. Replace each `...` by your code.",
        "空欄がすべて手つかずなので、何も実行していません。"
        "`...` をあなたのコードに書き換えてください。",
    ),
    "gaps_left": Text(
        "Fill the gaps that are still open first ({left} of {total}):",
        "まだ埋まっていない空欄があります（{total}個中{left}個）。まずここを埋めてください。",
    ),
    "gap_line": Text("line {line}", "{line}行目"),
    "gap_left_over": Text(
        "A `...` is still standing in `{function}` at line {line}. It does no harm.",
        "`{function}` の{line}行目に `...` が残っていますが、問題はありません。",
    ),
    "needs": Text(
        "This exercise uses your functions of exercise {exercise}, which still has gaps or has not "
        "been run. Do that one first.",
        "この演習では演習{exercise}で書いた関数を使いますが、まだ空欄が残っているか、"
        "セルが実行されていません。先に演習{exercise}を済ませてください。",
    ),
    # Hints, one after the other
    "stuck": Text(
        "Stuck? `{call}` helps, one step at a time.",
        "行き詰まったら `{call}` を実行してください。ヒントが1段階ずつ出ます。",
    ),
    "rung_hint": Text("Hint {number} of {total}", "ヒント{number}／{total}"),
    "rung_picture": Text("A case with its values", "1つのケースとその値"),
    "rung_answer": Text("The answer", "解答"),
    "next_hint": Text("`{call}` shows the next hint.", "`{call}` で、次のヒントが出ます。"),
    "next_picture": Text(
        "`{call}` shows a case, with what goes in and what has to come out.",
        "`{call}` で、1つのケースの入力と正しい出力を見られます。",
    ),
    "next_answer": Text(
        "`{call}` shows how to see the answer.", "`{call}` で、解答の見かたが出ます。"
    ),
    "inputs": Text("What goes in:", "入力："),
    "output": Text("`{name}`:", "`{name}`："),
    "side": Text("{name} ({side})", "{name}（{side}）"),
    "no_more_cases": Text(
        "All cases are right: there is nothing to show.",
        "すべてのケースが正解なので、ここで見せるものはありません。",
    ),
    "run_first": Text(
        "Run the exercise's cell, and this shows your values beside the expected ones.",
        "演習のセルを実行すると、正しい値の横にあなたの値も表示されます。",
    ),
    "answer_call": Text("`{call}` shows the answer.", "`{call}` で解答を表示できます。"),
    "no_hints": Text(
        "Advanced question {exercise} has no hints.",
        "発展問題 {exercise} にはヒントがありません。",
    ),
    "answer_use": Text(
        "`{call}` lets you go on with it.",
        "`{call}` を実行すれば、解答の関数を借りて先へ進めます。",
    ),
    "answer_sealed": Text(
        "It takes the passphrase that your instructor gives out.",
        "講師が公開するパスフレーズが必要です。",
    ),
    "no_such_step": Text(
        "Exercise {exercise} has steps 1 to {total}, and no step {given}.",
        "演習{exercise}のヒントは1から{total}までで、{given} はありません。",
    ),
    "not_kept": Text(
        "Your progress cannot be kept ({reason}). Everything else works as ever.",
        "進み具合を保存できません（{reason}）。そのほかはいつもどおり使えます。",
    ),
    # Which case
    "case": Text("Case {number} of {total}: {label}", "ケース{number}／{total}：{label}"),
    "calls": Text(
        "This case calls `{function}` by itself.",
        "このケースでは `{function}` を単独で呼び出します。",
    ),
    "hint": Text("Hint", "ヒント"),
    "looks_like": Text("It looks as if", "考えられる原因"),
    "expected": Text("expected", "正しい値"),
    "got": Text("yours", "得られた値"),
    # What differs
    "value": Text(
        "`{where}` is the first entry that differs.", "最初に食い違うのは `{where}` です。"
    ),
    "single_value": Text("`{where}` has another value.", "`{where}` の値が違います。"),
    "extent": Text(
        "{differing} of {size} entries differ; the largest error is {error}, "
        "allowed is {tolerance}.",
        "{size}個の要素のうち{differing}個が食い違います。"
        "最大の誤差は{error}、許容誤差は{tolerance}です。",
    ),
    "extent_exact": Text(
        "{differing} of {size} entries differ.", "{size}個の要素のうち{differing}個が食い違います。"
    ),
    "single_extent": Text(
        "The error is {error}, allowed is {tolerance}.",
        "誤差は{error}、許容誤差は{tolerance}です。",
    ),
    "nan": Text(
        "`{where}` is not a number (nan): look for the step that first divides by zero, overflows "
        "or takes the root or logarithm of a negative number.",
        "`{where}` が数値ではありません（nan）。ゼロ除算、オーバーフロー、負数の平方根や対数が"
        "最初に起きる箇所を探してください。",
    ),
    "infinite": Text("infinite", "無限大"),
    "shape": Text(
        "`{where}` has the wrong shape.",
        "`{where}` の形状（shape）が違います。",
    ),
    "shape_of": Text("shape {shape}", "形状 {shape}"),
    "shape_of_number": Text("a single number", "1個の数値"),
    "single_precision": Text(
        "`{where}` agrees to single precision only: somewhere on the way to it numbers turn into "
        "{got}, while {expected} is expected.",
        "`{where}` は単精度の範囲でしか一致していません。途中のどこかで {got} になっています。"
        "{expected} で計算してください。",
    ),
    "dtype": Text(
        "`{where}` holds the wrong kind of numbers.", "`{where}` の数値の型（dtype）が違います。"
    ),
    "type": Text("`{where}` is of another type.", "`{where}` の型が違います。"),
    "none": Text(
        "`{where}` is None. Does every way through the function end in `return`?",
        "`{where}` が None です。どの経路を通っても `return` で値を返していますか。",
    ),
    "length": Text(
        "`{where}` has {got} items; {expected} are expected.",
        "`{where}` の要素は{got}個ですが、正しくは{expected}個です。",
    ),
    "missing": Text("`{where}` is missing.", "`{where}` がありません。"),
    "key": Text(
        "`{where}` is not among the keys the exercise asks for.",
        "`{where}` は、この演習で求められているキーではありません。",
    ),
    "property": Text(
        "`{where}` is judged by what must hold of it: {property}. It does not "
        "(violated by {error}, allowed is {tolerance}).",
        "`{where}` は「{property}」という条件で判定しますが、満たされていません"
        "（ずれは{error}、許容値は{tolerance}です）。",
    ),
    "ellipsis_in": Text(
        "`{where}` is still an Ellipsis (`...`).", "`{where}` が `...`（Ellipsis）のままです。"
    ),
    "count": Text(
        "The function has to return {expected} values ({names}); it returned {got}.",
        "戻り値は{expected}個（{names}）のはずですが、{got}が返されました。",
    ),
    "count_items": Text("{count}", "{count}個の値"),
    "count_none": Text("None", "None "),
    "count_one": Text("one value of type `{type}`", "`{type}` 型の値1個"),
    "mutated": Text(
        "`{name}` has to be changed in place, and is not what it should be after the call.",
        "`{name}` はその場で（in-placeで）更新する約束ですが、呼び出し後の値が正しくありません。",
    ),
    "preserved": Text(
        "The function changed its argument `{name}`, which belongs to the caller. "
        "Leave it as it was; work on a copy.",
        "引数 `{name}` の中身が書き換えられています。呼び出し元のデータなので、"
        "変更せずにコピーを使ってください。",
    ),
    "before": Text("before", "呼び出し前"),
    "after": Text("after", "呼び出し後"),
    # Errors
    "raised_at": Text("{place}, line {line}, in `{function}`", "{place} {line}行目、`{function}`"),
    "in_harness": Text(
        "`{function}` is given, and could not use what your code returned or left behind. Does it "
        "hold all that its docstring says?",
        "`{function}` は用意されたコードで、あなたのコードが返したものを"
        "使えませんでした。docstringのとおりのものがすべてそろっていますか。",
    ),
    "misfit_unexpected": Text(
        "`{function}` is called with {names}, which it does not take. Keep the parameters that the "
        "exercise gives.",
        "`{function}` は引数 {names} を渡して呼び出されますが、受け取れません。"
        "演習で与えられた引数をそのまま残してください。",
    ),
    "misfit_missing": Text(
        "`{function}` asks for {names}, which the exercise does not give. Keep the parameters that "
        "the exercise gives.",
        "`{function}` が必要とする引数 {names} は、この演習では渡されません。"
        "演習で与えられた引数をそのまま残してください。",
    ),
    "misfit": Text(
        "`{function}` cannot be called with as many arguments as the exercise gives. Keep its "
        "parameters as they came.",
        "`{function}` を、この演習で渡される個数の引数で呼び出せません。"
        "演習で与えられた引数をそのまま残してください。",
    ),
    "stopped_after": Text(
        "Stopped after {seconds} s. Does a loop never end? A right answer takes moments.",
        "{seconds}秒たっても終わらないので止めました。終わらないループはありませんか。"
        "正しい答えなら一瞬で終わります。",
    ),
    "stopped": Text(
        "Stopped, as it took too long. Does a loop never end? A right answer takes moments.",
        "いつまでも終わらないので止めました。終わらないループはありませんか。"
        "正しい答えなら一瞬で終わります。",
    ),
    "stopped_at": Text("It was running here:", "止めたときに実行していた箇所："),
    # Notes
    "changed": Text(
        "By the way: `{name}` was changed in place.",
        "補足：`{name}` の中身が書き換えられています。",
    ),
    "warned": Text("Warning raised on the way: {text}", "途中で出た警告：{text}"),
    "printed": Text("Printed by your function", "関数が表示した内容"),
    "printed_in_case": Text(
        "Printed by your function in this case", "このケースで関数が表示した内容"
    ),
    # Plot
    "plot_title": Text("`{series}` against its index", "`{series}`（横軸は添字）"),
    "plot_parting": Text("first difference at {index}", "添字 {index} で最初に食い違う"),
    # General diagnoses
    "diagnosis_ellipsis": Text(
        "a gap is left: an Ellipsis (`...`) was computed with at line {line}.",
        "空欄が残っています。{line}行目で `...`（Ellipsis）が計算に使われています。",
    ),
    "diagnosis_stale": Text(
        "something survives from call to call: the same call comes out right the first time and "
        "differently later. Look for global variables, mutable default arguments, or an object "
        "that is used again without being reset.",
        "呼び出しをまたいで何かが残っています。同じ呼び出しが、1回目は正しく、あとでもう一度行うと"
        "違う結果になります。グローバル変数、変更可能なデフォルト引数、初期化せずに使い回している"
        "オブジェクトがないか確かめてください。",
    ),
    "diagnosis_first_only": Text(
        "only the first case comes out right. Look for what fits that case alone: a number or a "
        "size that is written out, an argument that is not used.",
        "最初のケースだけが正しい結果になっています。そのケースだけに合う数値や大きさを"
        "直接書いていないか、使っていない引数がないか確かめてください。",
    ),
    "diagnosis_argument": Text(
        "the result is right exactly where `{name}` is as in the first case. Look at what becomes "
        "of `{name}` where it is something else.",
        "`{name}` が最初のケースと同じときだけ正しい結果になっています。"
        "`{name}` がほかの値のときにどう使われているか確かめてください。",
    ),
    "diagnosis_transposed": Text(
        "`{output}` is transposed: rows and columns have changed places.",
        "`{output}` が転置されています。行と列が入れ替わっています。",
    ),
    "diagnosis_axes": Text(
        "the axes of `{output}` stand in another order: yours are the expected axes {order}.",
        "`{output}` の軸の順序が違います。得られた配列の軸は、正しい配列の軸を {order} の順に"
        "並べたものになっています。",
    ),
    "diagnosis_shape_only": Text(
        "the numbers in `{output}` are right and in the right order; only the shape is another.",
        "`{output}` の数値と並びは正しく、形状だけが違います。",
    ),
    "diagnosis_early": Text(
        "`{output}` is one step early: what belongs at k + 1 stands at k{axis}.",
        "`{output}` が1ステップ早くずれています。"
        "本来 k + 1 番目にくる値が k 番目に入っています{axis}。",
    ),
    "diagnosis_late": Text(
        "`{output}` is one step late: what belongs at k stands at k + 1{axis}.",
        "`{output}` が1ステップ遅れています。"
        "本来 k 番目にくる値が k + 1 番目に入っています{axis}。",
    ),
    "diagnosis_one_too_many_last": Text(
        "`{output}` has one entry too many at its end{axis}; the others are right.",
        "`{output}` の末尾に要素が1つ余分にあります{axis}。ほかの要素は正しい値です。",
    ),
    "diagnosis_one_too_many_first": Text(
        "`{output}` has one entry too many at its beginning{axis}; the others are right.",
        "`{output}` の先頭に要素が1つ余分にあります{axis}。ほかの要素は正しい値です。",
    ),
    "diagnosis_one_too_few_last": Text(
        "`{output}` lacks its last entry{axis}; the others are right.",
        "`{output}` の最後の要素が足りません{axis}。ほかの要素は正しい値です。",
    ),
    "diagnosis_one_too_few_first": Text(
        "`{output}` lacks its first entry{axis}; the others are right.",
        "`{output}` の最初の要素が足りません{axis}。ほかの要素は正しい値です。",
    ),
    "diagnosis_reversed": Text(
        "`{output}` is in reverse order{axis}.", "`{output}` の並びが逆順です{axis}。"
    ),
    "diagnosis_sign": Text(
        "`{output}` has the wrong sign everywhere; the magnitudes are right.",
        "`{output}` の符号がすべて逆です。絶対値は正しい値です。",
    ),
    "diagnosis_factor": Text(
        "`{output}` is {factor} times what it should be, everywhere.",
        "`{output}` の値が、どこでも正しい値の {factor} 倍になっています。",
    ),
    "diagnosis_extra_factor": Text(
        "`{output}` has been multiplied by `{name}` once too often.",
        "`{output}` に `{name}` が1回余分に掛かっています。",
    ),
    "diagnosis_missing_factor": Text(
        "`{output}` lacks a factor `{name}`.", "`{output}` に `{name}` が1回掛かっていません。"
    ),
    "diagnosis_cut_to_integers": Text(
        "`{output}` is kept in an array of integers, which cuts the fractions off.",
        "`{output}` が整数の配列に入っているため、小数部分が切り捨てられています。",
    ),
    "diagnosis_last_everywhere": Text(
        "every entry of `{output}` is the last one: one and the same array was kept at each step "
        "and changed afterwards. Keep copies.",
        "`{output}` のすべての要素が最後の値になっています。同じ配列を毎回記録し、"
        "あとから書き換えているためです。コピーを記録してください。",
    ),
    "along_axis": Text(" (along axis {axis})", "（軸{axis}に沿って）"),
    # Wrong calls and what is not there
    "unknown_chapter": Text("There is no chapter `{name}`.", "`{name}` という章はありません。"),
    "unknown_exercise": Text(
        "This chapter has no exercise `{name}`.", "この章に `{name}` という演習はありません。"
    ),
    "did_you_mean": Text(" Did you mean `{name}`?", "`{name}` のことでしょうか。"),
    "there_are": Text(" There are: {names}.", "あるのは次のとおりです：{names}"),
    "nothing_there": Text(
        "There are no references in {folder}: this copy of the bootcamp is incomplete. "
        "Get it anew.",
        "{folder} に参照データがありません。教材のコピーが不完全なので、取得し直してください。",
    ),
    "swapped": Text(
        'The function comes first: `test_func(function, "{exercise}")`.',
        '関数を先に渡してください：`test_func(function, "{exercise}")`',
    ),
    "not_a_function": Text(
        "`test_func` wants the function itself, without parentheses: a value of type `{type}` is "
        "no function.",
        "`test_func` には、かっこを付けずに関数そのものを渡してください。"
        "渡された `{type}` 型の値は関数ではありません。",
    ),
    "id_not_text": Text(
        'The exercise is given as text, such as `"{example}"`, not as {given}.',
        '演習は {given} ではなく、`"{example}"` のような文字列で指定してください。',
    ),
    "not_defined": Text(
        "Exercise {exercise} also calls `{function}`, which is not defined: run the cell that "
        "defines it.",
        "演習{exercise}では `{function}` も呼び出しますが、定義されていません。"
        "定義しているセルを実行してください。",
    ),
    "other_harness": Text(
        "`test_func` was handed a function that tests another exercise: run the whole cell of "
        "exercise {exercise} again.",
        "別の演習用の関数が `test_func` に渡されています。"
        "演習{exercise}のセル全体をもう一度実行してください。",
    ),
    "say_multiple": Text(
        "The function of exercise {exercise} returns {count} values: call `test_func` with "
        "`multiple_output={value}`.",
        "演習{exercise}の関数の戻り値は{count}個です。"
        "`multiple_output={value}` を付けて `test_func` を呼び出してください。",
    ),
    "no_chapter_yet": Text(
        'Run the set-up cell first: `load_from_chapter_name("...")` says which chapter this is.',
        '先に準備のセルを実行してください。`load_from_chapter_name("...")` が、'
        "どの章かを読み込みます。",
    ),
    "unknown_language": Text(
        'The language is "en" or "ja", not {lang!r}.',
        '言語は {lang!r} ではなく、"en" か "ja" を指定してください。',
    ),
    # Solutions
    "withheld": Text(
        "The answers of this chapter have not been given out. Ask your instructor.",
        "この章の解答は公開されていません。講師に問い合わせてください。",
    ),
    "sealed": Text(
        'Call `{call}("{exercise}", passphrase="...")`, or set the environment variable {variable} '
        "before Jupyter starts.",
        '`{call}("{exercise}", passphrase="...")` とするか、Jupyterの起動前に環境変数 {variable} に'
        "パスフレーズを設定してください。",
    ),
    "unknown_answer": Text("There is no answer `{name}`.", "`{name}` という解答はありません。"),
    "unknown_function": Text(
        "This answer has no function `{name}`.", "この解答に `{name}` という関数はありません。"
    ),
    "used": Text(
        "The model answer to {exercise} is in place: {names}.",
        "演習{exercise}の解答を読み込みました：{names}",
    ),
    "answer_needs": Text(
        "The answer to {exercise} needs `{name}`, which is not defined here: run the cell with the "
        "imports, and those above this one, first.",
        "演習{exercise}の解答には `{name}` が必要ですが、まだ定義されていません。"
        "先に、importのセルなど、これより上のセルを実行してください。",
    ),
    "nothing_to_use": Text(
        "The answer to `{exercise}` defines no function. "
        'See it with `show_solution("{exercise}")`.',
        '`{exercise}` の解答には関数がありません。`show_solution("{exercise}")` で表示できます。',
    ),
    # ready()
    "do_first": Text(
        "This needs exercise {exercises}: fill its gaps and run its cell first.",
        "このセルには演習{exercises}が必要です。先に演習の空欄を埋めて実行してください。",
    ),
    "do_first_several": Text(
        "This needs exercises {exercises}: fill their gaps and run their cells first.",
        "このセルには演習{exercises}が必要です。先にそれぞれの空欄を埋めて実行してください。",
    ),
    "or_use": Text(
        " Or go on with the model answer: run {calls}.",
        "{calls} を実行すれば、解答を使って先へ進むこともできます。",
    ),
    "or_use_several": Text(
        " Or go on with the model answers: run {calls}.",
        "{calls} を実行すれば、解答を使って先へ進むこともできます。",
    ),
    # debug_mode
    "debug_call": Text("Case {number}: {label}", "ケース{number}：{label}"),
    "debug_call_again": Text(
        "Case {number} again, to see whether anything is left over from the other calls: {label}",
        "ケース{number}をもう一度（ほかの呼び出しの影響が残っていないかを確かめます）：{label}",
    ),
}


def say(name: str, lang: str, /, **values: object) -> str:
    """One sentence in one language, its braces filled in."""
    return MESSAGES[name].in_language(lang).format(**values)
