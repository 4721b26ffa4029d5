"""Vitrine, page script and server in one.

`streamlit run app.py` imports this file once as `app` to get the server, and runs it as
`__main__` for every visitor. The guards also keep child processes from running a page.
"""

import streamlit as st

if __name__ == "__main__":
    from pages._kit import navigation

    navigation.run()
elif __name__ == "app":
    from pages._kit import server

    # Streamlit looks for this call in the source before it imports anything: it must stand here.
    app = st.App(
        "app.py", routes=server.ROUTES, middleware=server.MIDDLEWARE, lifespan=server.lifespan
    )
