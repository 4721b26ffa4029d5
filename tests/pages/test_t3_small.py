import logging, pytest
from core.datasets.documents import Documents
from pages._kit.topics import source
from pages._kit.topics.rooms import ROOMS
from core.topics.fit import MODELS
CASES={
 "one word": ("cat",), "one document": ("cat dog dog bird",), "two docs one word": ("cat","cat cat"),
 "some empty": ("cat dog","","the of","bird cat dog dog"), 
}
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("model", ["lda","nmf","unigram"])
def test_small(visit, monkeypatch, caplog, case, model):
    texts=CASES[case]
    made=source.Source("t"+case, source.PYTHON, Documents("t",texts,tuple(f"title {i}" for i in range(len(texts))), None))
    monkeypatch.setattr(source,"_python",lambda: made)
    bad=[]
    first=True
    at=None
    for room in ROOMS:
        caplog.clear()
        try:
            if at is None: at=visit("topic_browser", corpus=source.PYTHON, model=MODELS[model].title, room=room)
            else: at.segmented_control(key="room").set_value(room).run()
            at.run()
        except Exception as e:
            bad.append((room,"RAISED",repr(e)[:300])); at=None; continue
        msgs=[e.value[:150] for e in at.error]+[e.value[:200] for e in at.exception]
        tr=[r.exc_text or (logging.Formatter().formatException(r.exc_info) if r.exc_info else "") for r in caplog.records if r.levelno>=40]
        if msgs: bad.append((room,msgs,"\n".join(t[-700:] for t in tr)))
    for b in bad: print("BAD",case,model,*b)
    assert not bad
