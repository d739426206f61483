"""What repositories work in: one transaction of the database, as `Database.reading` and `Database.writing` give it.

SQLAlchemy's ORM session would do the same here, for twice the time: nothing of ours is mapped to objects, and a message
opens some forty of them. Statements that every message runs stand at the top of their module, made once: to build one
takes longer than to run it.
"""

from sqlalchemy import Connection

Session = Connection
